// What a page has while it is edited: it keeps its place when it loads again, leads to the turn that was edited, and shows
// over itself what is wrong. livereload.js hears of builds, and loads pages and stylesheets again; this is a plugin of it.
(() => {
  const script = document.currentScript;
  const isFramed = window !== window.top;
  const KEPT = `roundtable-serve${isFramed ? "-framed" : ""}`;
  const STATE = "/_desk/-/state.json";
  const FEW = 5; // turns that changed: of more, none is the one that was edited
  let build = script.dataset.build;
  let isKept = false; // whether the page that comes after this one knows the place
  let isLeaving = false; // whether it is about to load again

  // --- the place ---

  const turns = () => [...document.querySelectorAll("[data-turn]")];
  const words = (turn) => (turn.querySelector(".words") ?? turn).textContent;

  function keepPlace() {
    // The first thing in sight, of those that scroll with the text.
    const named = document.querySelectorAll("main :is([data-turn], h2, h3, h4, h5, h6)[id]");
    const isInSight = (one) => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().top < innerHeight;
    const anchor = window.scrollY > 0 ? [...named].find(isInSight) : null;
    const place = {
      page: location.pathname,
      scroll: window.scrollY,
      anchor: anchor?.id,
      top: anchor?.getBoundingClientRect().top,
      open: [...document.querySelectorAll("details")].map((one) => one.open),
      turns: turns().map((turn) => [turn.dataset.turn, words(turn)]),
    };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(place));
      isKept = true;
      history.scrollRestoration = "manual";
    } catch {
      sessionStorage.removeItem(KEPT); // too much of it: then the browser keeps the place as it can
    }
  }

  function restorePlace() {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
    } catch { /* nothing was kept */ }
    if (!place || place.page !== location.pathname) return;
    const details = [...document.querySelectorAll("details")];
    if (details.length === place.open.length) details.forEach((one, number) => { one.open = place.open[number]; });
    const back = () => {
      const anchor = place.anchor && document.getElementById(place.anchor);
      const top = anchor ? window.scrollY + anchor.getBoundingClientRect().top - place.top : place.scroll;
      window.scrollTo({ top, behavior: "instant" });
      lead(edited(place.turns));
    };
    back();
    if (document.readyState !== "complete") window.addEventListener("load", back, { once: true });
  }

  // The turn whose words aren't what they were.
  function edited(before) {
    const known = new Map(before);
    if (!known.size) return null;
    const changed = turns().filter((turn) => known.get(turn.dataset.turn) !== words(turn));
    return changed.length <= FEW ? changed[0] : null;
  }

  function lead(turn) {
    if (!turn) return;
    const { top, bottom } = turn.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) {
      turn.scrollIntoView({ block: bottom - top > window.innerHeight / 2 ? "start" : "center", behavior: "instant" });
    }
    turn.dataset.edited = "";
    const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent") || "Highlight";
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    turn.animate(
      [{ outline: `2px solid ${accent}`, outlineOffset: "6px" }, { outline: "2px solid transparent", outlineOffset: "6px" }],
      { duration: 2500, easing: isStill ? "step-end" : "ease-in" },
    );
  }

  // --- what is wrong ---

  let shadow = null;
  let told = null;
  let closed = ""; // what was closed by the reader: it stays so until something else is wrong
  let listed = false;

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }

  function source(lines) {
    if (!lines.length) return "";
    const list = element("pre", { tabindex: "0", "aria-label": "Lines of the source" });
    for (const line of lines) {
      const is = line.column !== null;
      const row = element("span", { class: is ? "line spot" : "line" }, element("span", { class: "number", "aria-hidden": "true" }, `${line.number}`));
      if (is) {
        const [before, after] = [line.text.slice(0, line.column), line.text.slice(line.column)];
        const sign = after.match(/^[\p{L}\p{N}\p{M}_-]+|^./u)?.[0] ?? "";
        row.append(element("span", { class: "text" }, before, element("mark", {}, sign || " "), after.slice(sign.length)));
      } else row.append(element("span", { class: "text" }, line.text));
      list.append(row);
    }
    return list;
  }

  function one(found) {
    const place = !found.place ? "" : found.editor ? element("a", { href: found.editor }, found.place) : element("code", {}, found.place);
    return element(
      "li", { class: found.severity },
      element("p", { class: "message" }, found.message),
      element("p", { class: "place" }, place, found.desk ? element("a", { href: found.desk }, "Desk") : "", element("code", {}, found.code)),
      source(found.lines),
      found.hint ? element("p", { class: "hint" }, found.hint) : "",
    );
  }

  const number = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const count = (kind) => told[kind].length + told[kind === "errors" ? "moreErrors" : "moreWarnings"];

  function list(kind) {
    const more = told[kind === "errors" ? "moreErrors" : "moreWarnings"];
    return [
      element("ol", {}, ...told[kind].map(one)),
      more ? element("p", { class: "more" }, `And ${more} more: the terminal and the desk have them.`) : "",
    ];
  }

  function panel(kind, title, close) {
    const button = element("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    button.addEventListener("click", close);
    const lead = kind === "errors" ? "The page beneath is the last that was good." : "";
    return element(
      "section", { role: "dialog", "aria-labelledby": "title", class: `panel ${kind}` },
      element("div", { class: "head" }, element("h2", { id: "title" }, title), lead ? element("p", {}, lead) : "", button),
      element("div", { class: "body", tabindex: "0", role: "group", "aria-label": title }, ...list(kind)),
    );
  }

  function show() {
    if (!told || isFramed) return;
    const [errors, warnings] = [count("errors"), count("warnings")];
    const isDraft = told.drafts.includes(decoded(location.pathname)) || told.drafts.includes(location.pathname);
    if (!shadow) {
      const host = document.body.appendChild(document.createElement("roundtable-serve"));
      shadow = host.attachShadow({ mode: "open" });
      shadow.append(
        element("link", { rel: "stylesheet", href: "/_desk/-/overlay.css" }),
        element("p", { role: "alert", class: "said" }), element("div", { class: "all" }),
      );
    }
    const theme = document.documentElement.dataset.theme;
    if (theme) shadow.host.dataset.theme = theme;
    else delete shadow.host.dataset.theme;
    const name = JSON.stringify(told.errors);
    const focused = shadow.activeElement?.dataset.name ?? null;
    const isOver = errors > 0 && closed !== name;
    const say = errors ? `${number(errors, "error")}: the page is the last that was good` : "";
    const said = shadow.querySelector(".said");
    if (said.textContent !== say) said.textContent = say;

    const all = element("div", { class: "all" });
    if (isOver) all.append(panel("errors", number(errors, "error"), () => { closed = name; show(); focus(".count.errors"); }));
    else if (listed && warnings) all.append(panel("warnings", number(warnings, "warning"), () => { listed = false; show(); focus(".count.warnings"); }));
    const bar = element("nav", { "aria-label": "Editing", class: "bar" });
    if (isDraft) bar.append(element("span", { class: "draft" }, "Draft"));
    for (const [kind, total, is] of [["errors", errors, isOver], ["warnings", warnings, listed && !isOver]]) {
      if (!total) continue;
      const button = element("button", { type: "button", class: `count ${kind}`, "aria-expanded": `${is}`, "data-name": kind }, number(total, kind.slice(0, -1)));
      button.addEventListener("click", () => {
        if (kind === "errors") closed = isOver ? name : "";
        else { listed = !is; if (listed) closed = name; }
        show();
      });
      bar.append(button);
    }
    if (!location.pathname.startsWith("/_desk")) {
      bar.append(element("a", { href: `/_desk/?at=${encodeURIComponent(decoded(location.pathname))}`, "data-name": "desk" }, "Desk"));
    }
    if (bar.children.length) all.append(bar);
    const scroll = shadow.querySelector(".body")?.scrollTop ?? 0;
    shadow.querySelector(".all").replaceWith(all);
    const body = shadow.querySelector(".body");
    if (body) body.scrollTop = scroll;
    if (focused) focus(`[data-name="${focused}"]`);
    markDrafts();
  }

  const focus = (selector) => shadow.querySelector(selector)?.focus({ preventScroll: true });
  const decoded = (path) => { try { return decodeURI(path); } catch { return path; } };

  // Links to what isn't published say so.
  function markDrafts() {
    if (location.pathname.startsWith("/_desk")) return;
    const drafts = new Set(told.drafts.map(decoded));
    for (const link of document.querySelectorAll("main a[href]:not([data-draft])")) {
      if (link.origin === location.origin && !link.hash && link.textContent.trim() && drafts.has(decoded(link.pathname)) && link.pathname !== location.pathname) {
        link.dataset.draft = "";
        link.append(element("small", { lang: "en" }, " (draft)"));
      }
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !shadow?.querySelector(".panel")) return;
    shadow.querySelector(".panel .close").click();
  });

  // --- hearing of builds ---

  async function look() {
    try {
      const answer = await fetch(STATE, { cache: "no-store" });
      if (!answer.ok) return false;
      told = await answer.json();
    } catch {
      return false; // the server is away: livereload.js asks again
    }
    show();
    return true;
  }

  function leave() {
    keepPlace();
    isLeaving = true;
  }

  // The build that this page is of: one that was shown before all others were made has a name of its own.
  const current = () => told.early[decoded(location.pathname)] ?? told.build;

  window.LiveReloadPluginRoundtable = class {
    static identifier = "roundtable";
    static version = "1.0";

    // Whether there is nothing left to do for livereload.js.
    reload(path) {
      if (isLeaving) return true;
      const isTold = path === STATE;
      const isSwapped = /\.(css|png|jpe?g|gif)$/i.test(path);
      if (isTold || isSwapped) look().then((is) => { if (is) build = current(); });
      if (!isSwapped && document.documentElement.classList.contains("beside")) { // what it holds is put in place
        if (!isTold) look().then((is) => { if (is) build = current(); });
        document.dispatchEvent(new Event("roundtable-built"));
        return true;
      }
      if (isTold && location.pathname === "/_desk/") { // no page has changed; what the list says of them has
        leave();
        return false;
      }
      if (isTold) return true;
      if (!isSwapped) leave();
      return false;
    }
  };

  // What was built between the page and the socket, or while the server was away, nobody told.
  document.addEventListener("LiveReloadConnect", async () => {
    if (!(await look()) || current() === build || isLeaving) return;
    leave();
    location.reload();
  });

  addEventListener("pageshow", () => { isLeaving = false; }); // it was gone back to
  addEventListener("pagehide", () => { if (!isKept) history.scrollRestoration = "auto"; });
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  restorePlace();
})();
