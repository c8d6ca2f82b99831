"""Roundtable: transcripts in, a website out that people read, quote and trust.

A transcript goes in at the top floor as text and comes out at the bottom as files; on the way it is only ever turned from
one immutable noun into the next (`model`):

    site.toml -> Config
    content/* -> Source -> Reading -> Transcript -> index.md
                                          |            |
                                          v            v
                              Page, from Summaries   turns as HTML
                                          |            |
                                          +-> Artifact <+
                                                 |
                                  staged, checked, committed to public/

Rooms stand on floors, and import from lower floors only (`tests/test_architecture.py` holds them to it):

    9  cli                      arguments, exit codes, printing
    8  serve                    the editor's loop
    7  pipeline                 the story of a build: prepare, build, check
    6  output, workers, stages  commit of files; the pool; what runs in it: read one file, make one page
    5  render                   Page to Artifact, through Jinja
    4  exports, links, plan, sources, syndication
    3  readers, speakers, fidelity, permalinks, comments
    2  config, frontmatter, markup, fields, dates
    1  diagnostics
    0  model
"""

__version__ = "0.1.0"
