// Light or dark: the reader's system decides until the reader does. Loaded in the head, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wide = matchMedia("(min-width: 75rem)");
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const theme = () => root.dataset.theme || (system.matches ? "dark" : "light");
  const set = (name) => { if (name === "light" || name === "dark") root.dataset.theme = name; else delete root.dataset.theme; };
  const tell = () => {
    const button = document.querySelector(".theme-switch");
    if (button) button.textContent = theme() === "dark" ? "Light" : "Dark";
    document.dispatchEvent(new CustomEvent("themechange", { detail: theme() }));
  };
  // What scrolls sideways can be reached with the keys; contents are unfolded where there is room (the stylesheet shows them anyway).
  const fit = () => {
    for (const table of document.querySelectorAll(".words table")) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0; else table.removeAttribute("tabindex");
    }
  };
  const unfold = () => { for (const contents of document.querySelectorAll(".contents details")) contents.open = wide.matches; };

  set(kept());
  system.addEventListener("change", tell);
  wide.addEventListener("change", unfold);
  addEventListener("resize", fit);
  addEventListener("storage", (event) => { if (event.key === "theme") { set(event.newValue); tell(); } });
  document.addEventListener("DOMContentLoaded", () => {
    unfold();
    fit();
    const button = document.querySelector(".theme-switch");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      set(theme() === "dark" ? "light" : "dark");
      try { localStorage.setItem("theme", theme()); } catch { /* a private window keeps nothing */ }
      tell();
    });
    tell();
  });
})();
