// Loads the comments when the reader asks, or when they come into view; follows the page's theme.
(() => {
  const block = document.getElementById("comments");
  const button = block.querySelector(".comments-show");
  block.querySelector(".comments-contacts").hidden = false;
  const status = block.querySelector(".comments-status");
  const origin = new URL(block.dataset.script).origin;
  const theme = () => {
    const dark = (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const name = dark ? block.dataset.dark : block.dataset.light;
    return name.startsWith("/") ? location.origin + name : name;
  };
  const load = () => {
    button.hidden = true;
    status.textContent = "Loading the discussion…";
    const script = document.createElement("script");
    for (const { name, value } of block.attributes) {
      if (name.startsWith("data-embed-")) script.setAttribute("data-" + name.slice("data-embed-".length), value);
    }
    script.dataset.theme = theme();
    script.crossOrigin = "anonymous";
    script.async = true;
    script.src = block.dataset.script;
    script.addEventListener("load", () => { status.textContent = ""; });
    script.addEventListener("error", () => {
      status.textContent = "The discussion could not be loaded. The link above leads to it.";
      button.hidden = false;
      script.remove();
    });
    block.append(script);
  };
  document.addEventListener("themechange", () => {
    const frame = block.querySelector("iframe.giscus-frame");
    if (frame) frame.contentWindow.postMessage({ giscus: { setConfig: { theme: theme() } } }, origin);
  });
  if (block.dataset.load === "visible") {
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) { seen.disconnect(); load(); }
    });
    seen.observe(block);
  } else {
    button.hidden = false;
    button.addEventListener("click", () => {
      load();
      block.tabIndex = -1; // the button is gone: keep the reader's place
      block.focus();
    });
  }
})();
