"""Roundtable: transcripts in, a website out that people read, quote and trust.

A transcript goes in at the top floor as text and comes out at the bottom as files; on the way it is only ever turned from
one immutable noun into the next (`model`):

    site.toml -> Config
    content/* -> Source -> Reading -> Transcript -> index.md
                                          |            |
                                          v            v
                              Page, from Summaries   turns as HTML
                                          |            |
                                          +-> Composed <+
                                                 |
                                              Artifact
                                                 |
                                  staged, checked, committed to public/

Rooms stand on floors, and import from lower floors only (`tests/test_architecture.py` holds them to it):

    11  cli                                arguments, exit codes, printing
    10  serve                              the editor's loop
    9   pipeline                           the story of a build: prepare, build, check
    8   stages, workers, output            read one file, make one page; where they run; the commit of what they made
    7   render                             Page to Composed, through Jinja
    6   exports, sources, syndication, turns
                                           a transcript in other forms; which files there are; feed, sitemap; turns as HTML
    5   speakers, fidelity, plan           label to Speaker; the proof; which pages exist
    4   readers, sections, links, comments, composition
    3   config, frontmatter, permalinks    site.toml and YAML to nouns; ids of turns
    2   fields, markup, locales            mapping to noun; Markdown to HTML; languages and dates
    1   diagnostics, marks                 codes, and how they are shown; what stands among words and nobody said
    0   model, patterns                    the nouns; regular expressions, compiled when they are first used
"""

__version__ = "0.1.0"
