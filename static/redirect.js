// Leads on from where a page once was, to the same turn or heading.
location.replace(document.currentScript.dataset.to + location.search + location.hash);
