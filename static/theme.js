// Light or dark: the reader's system decides until the reader does. Loaded in the head, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const theme = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  const tell = () => {
    const button = document.querySelector(".theme-switch");
    if (button) button.textContent = theme() === "dark" ? "Light" : "Dark";
    document.dispatchEvent(new CustomEvent("themechange", { detail: theme() }));
  };
  if (kept() === "dark" || kept() === "light") root.dataset.theme = kept();
  dark.addEventListener("change", tell);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme-switch");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = theme() === "dark" ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept: private window */ }
      tell();
    });
    tell();
  });
})();
