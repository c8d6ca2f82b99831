"""Roundtable: transcripts in, a website out that people read, quote and trust.

A transcript goes in at the top floor as text and comes out at the bottom as files; on the way it is only ever turned from
one immutable noun into the next (`model`):

    site.toml -> Config
    content/* -> Source -> Reading -> Transcript -> Summary, Item, body ............ kept in the store
                                                               |
                                                             Intent
                                                               |
                                                Page -> Composed -> Artifact
                                                                       |
                                                        staged, checked, committed to public/

Rooms stand on floors, and import from lower floors only (`tests/test_architecture.py` holds them to it):

    13  cli                                 commands, exit codes, printing
    12  serve, progress, report, comparison, arguments
                                            the editor's loop and desk; how far a build is, shown; what it made, as JSON; what
                                            changed between two versions; what stands on the command line
    11  pipeline                            the story of a build
    10  publishing                          pages that are not there as they should be
    9   gathering, advising, mending        sources that are new or changed; what only editors want to know of a whole site;
                                            what is mended for them
    8   stages, workshop, crosslinks, reach read one file, make one page; what a build works with; links of the whole site;
                                            what a template is made from
    7   render, workers, rewriting, authoring
                                            Page to Composed, through Jinja; where work is done; Markdown in one form; a new
                                            transcript
    6   exports, sources, syndication, turns, citations, structured, cards, cluster
                                            a transcript in other forms; which files there are; feeds, sitemap; turns as HTML;
                                            how it is cited; what machines read of a page; what is shown where it is shared;
                                            other machines, through Dask
    5   speakers, fidelity, plan, cache, policy, recordings, silences, rules, external, translations
                                            label to Speaker; the proof; which pages there are to be; the store's folder; what
                                            a page may load and run; sound, film and other files that go with it; what editors
                                            don't want to be told; what they alone want to know; links to other sites; documents that
                                            are the same in other languages
    4   readers, sections, links, comments, composition, site, figures
                                            what a source says; turns under headings; where links lead; the comments block;
                                            a page and its parts; templates and settings; who spoke, as a drawing
    3   config, frontmatter, permalinks, bodies, inputs, output, exchanges, history
                                            site.toml and YAML to nouns; ids of turns; what is kept of a document; the files
                                            that a build is made from; the commit of what it made; questions and answers;
                                            when Git last saw them change
    2   fields, markup, locales, store, ledger, matching, reporting
                                            mapping to noun; Markdown to HTML; languages and dates; what was built before;
                                            the file of permalinks; turns matched to what it knows of them; how findings are
                                            printed
    1   diagnostics, marks, library, provenance, watch, recognition, aliases, addresses
                                            codes, and how one is shown; what stands among words and nobody said;
                                            Python-Markdown as we use it; the code's own digest; how far a build is;
                                            words recognised after an edit; where a page once was; where links stand in
                                            Markdown
    0   model, patterns                     the nouns; regular expressions, compiled when they are first used
"""

__version__ = "0.1.0"
