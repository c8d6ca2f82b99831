"""Pelican: articles and a list of them, from the simplest templates; what is read is kept from build to build."""

SITENAME = "Bench"
SITEURL = ""
TIMEZONE = "UTC"
PATH = "content"
THEME = "theme"
OUTPUT_PATH = "output"
SLUGIFY_SOURCE = "basename"
ARTICLE_URL = "{slug}/"
ARTICLE_SAVE_AS = "{slug}/index.html"
DIRECT_TEMPLATES = ["index"]
PLUGINS = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
