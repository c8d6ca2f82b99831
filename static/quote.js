// Links to selected words, quotations, and citations of turns; copies addresses. Nothing is asked of anybody.
(() => {
  const make = (tag, props, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const told = JSON.parse(document.getElementById("citations").textContent);
  const forms = [...document.querySelectorAll("[data-style]")];
  const said = make("p", { className: "copied", lang: "en" });
  said.setAttribute("role", "status");
  let quiet;
  const say = (text) => {
    said.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => { said.textContent = ""; }, 4000);
  };
  const spare = make("textarea", { readOnly: true, rows: 4, hidden: true, ariaLabel: "What is to be copied" });
  const copy = async (text, what, by) => {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} copied`);
    } catch { // no clipboard, or not allowed: the reader copies by hand
      if (!by) return;
      by.after(spare);
      spare.value = text;
      spare.hidden = false;
      spare.focus();
      spare.select();
      say("Copy the marked text");
    }
  };

  // An address without the voices that are read alone: whoever gets it sees the whole conversation.
  const whole = (address) => {
    const url = new URL(address);
    url.searchParams.delete("only");
    return url.href;
  };

  // Citations.
  const whose = (turn) => flat(turn.querySelector(".speaker")?.textContent || "");
  const cited = (turn, style) => {
    const url = `${told.url}#${turn.id}`;
    const name = told.names[whose(turn)];
    if (!name) return flat(forms.find((one) => one.dataset.style === style).querySelector("p, pre").textContent).replace(told.url, () => url);
    const who = name[{ apa: 0, bibtex: 2, ris: 3, csl: 4 }[style] ?? 1];
    const number = 1 + [...document.querySelectorAll("[data-turn]")].indexOf(turn);
    return told.forms[style].map((part) => [part, who, url, number][part] ?? part).join("");
  };
  const styles = () => {
    const select = make("select", { ariaLabel: "Style of citation" });
    for (const one of forms) select.append(new Option(one.querySelector("dt").textContent, one.dataset.style));
    try { select.value = localStorage.getItem("cite") || select.value; } catch { /* a private window keeps nothing */ }
    if (!select.value) select.selectedIndex = 0;
    select.addEventListener("change", () => { try { localStorage.setItem("cite", select.value); } catch { /* nor this */ } });
    return select;
  };
  const button = (textContent, act) => {
    const made = make("button", { type: "button", textContent });
    made.addEventListener("click", () => act(made));
    return made;
  };
  for (const one of forms) {
    const form = one.querySelector("p, pre");
    form.after(button("Copy", (by) => copy(form.textContent, one.querySelector("dt").textContent, by)));
    form.nextSibling.ariaLabel = `Copy ${one.querySelector("dt").textContent}`;
    form.nextSibling.lang = "en";
  }

  // "Cite" beside a turn: the styles, too.
  const open = () => document.querySelector(".cite[open]");
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches(".cite") || !target.open) return;
    for (const other of document.querySelectorAll(".cite[open]")) other.open = other === target;
    const line = target.querySelector("p");
    if (line.nextSibling) return;
    const select = styles();
    const form = make("span", { className: "cite-form" });
    const show = () => { form.textContent = cited(target.closest("[data-turn]"), select.value); };
    select.addEventListener("change", show);
    show();
    line.append(make("span", { className: "cite-tools", lang: "en" }, select, button("Copy citation", (by) => copy(form.textContent, "Citation", by))), form);
  }, true);

  // What is selected: of each turn, the words.
  const parts = (range) => {
    const found = [];
    for (const turn of document.querySelectorAll("[data-turn]")) {
      const words = turn.querySelector(".words");
      if (!range.intersectsNode(words)) continue;
      const part = range.cloneRange();
      if (!words.contains(part.startContainer)) part.setStart(words, 0);
      if (!words.contains(part.endContainer)) part.setEnd(words, words.childNodes.length);
      const copied = part.cloneContents();
      for (const note of copied.querySelectorAll(".footnote-ref, .footnote-backref")) note.remove();
      for (const block of copied.querySelectorAll("p, li, td, th, pre, br")) block.append(" ");
      const text = flat(copied.textContent);
      if (text) found.push({ turn, part, text });
    }
    return found;
  };
  const quotation = (found) => {
    const quoted = found.map(({ turn, text }) => `“${text}”${whose(turn) ? ` — ${whose(turn)}` : ""}`);
    return `${quoted.join("\n")}${found.length > 1 ? "\n" : ", "}${told.line}, ${told.url}#${found[0].turn.id}`;
  };

  // A link to words: https://wicg.github.io/scroll-to-text-fragment/. They match whole, within a block; the first match counts.
  const segmenter = Intl.Segmenter && new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
  const words = (text) => segmenter
    ? [...segmenter.segment(text)].filter((one) => one.isWordLike).map((one) => [one.index, one.index + one.segment.length])
    : [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((one) => [one.index, one.index + one[0].length]);
  const head = (text, n) => text.slice(0, (words(text)[n - 1] || [0, text.length])[1]);
  const tail = (text, n) => text.slice((words(text).at(-n) || [0])[0]);
  const is = (text, within) => flat(within).toLowerCase().includes(flat(text).toLowerCase());
  const span = (from, at, to, until) => {
    const range = new Range();
    range.setStart(from, at);
    range.setEnd(to, until);
    return range.toString();
  };
  const nodes = (within) => {
    const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };
  // The text nodes around one that a browser searches as one text, and where in that text a place is.
  const run = (node, at) => {
    const unit = (one) => one.parentNode.closest("code, kbd, p, li, td, th, pre, blockquote, h1, h2, h3, h4, h5, h6, .words");
    let some = [];
    for (const one of nodes(node.parentNode.closest(".words"))) {
      if (unit(one) === unit(node)) some.push(one);
      else if (some.includes(node)) break;
      else some = [];
    }
    return { some, text: some.map((one) => one.data).join(""), at: span(some[0], 0, node, at).length };
  };
  // Text nodes with words in a part of a turn, each with where its words begin and end.
  const shown = ({ turn, part }) => nodes(turn.querySelector(".words")).flatMap((node) => {
    if (!part.intersectsNode(node)) return [];
    const start = node === part.startContainer ? part.startOffset : 0;
    const text = node.data.slice(start, node === part.endContainer ? part.endOffset : node.length);
    return words(text).length ? [[node, start + text.search(/\S/), start + text.trimEnd().length]] : [];
  });
  const fragment = (found) => {
    const turn = `${whole(location.href).split("#")[0]}#${encodeURIComponent(found[0].turn.id)}`;
    const [all, rest] = [shown(found[0]), shown(found.at(-1))];
    if (!all.length || !rest.length) return turn;
    const [from, to] = [run(all[0][0], all[0][1]), run(rest.at(-1)[0], rest.at(-1)[2])];
    let [s, e] = [from.at, to.at];
    for (const [start, stop] of words(from.text)) if (start < s && s < stop) s = start;
    for (const [start, stop] of words(to.text)) if (start < e && e < stop) e = stop;
    const is_one = from.some[0] === to.some[0];
    const before = span(document.body, 0, from.some[0], 0) + from.text.slice(0, s);
    let [prefix, start, end, suffix] = ["", from.text.slice(s, is_one ? e : undefined), "", ""];
    if (!is_one || start.length > 200) {
      const last = from.some.at(-1);
      const whole = is_one ? start : `${start}${span(last, last.length, to.some[0], 0)} ${to.text.slice(0, e)}`;
      const begins = start;
      let n = 5;
      do start = head(begins, n++); while (n < 20 && is(start, before));
      n = 5;
      do end = tail(to.text.slice(is_one ? s : 0, e), n++); while (n < 20 && is(end, flat(whole).slice(0, -1)));
    }
    if (is(start, before)) { // not the first of its kind: what stands beside it tells them apart
      const block = from.some[0].parentNode;
      const lead = from.text.slice(0, s).trim() ? from.text.slice(0, s)
        : (block.previousElementSibling || block.closest("[data-turn]").querySelector(".speaker") || block).textContent;
      let n = 2;
      do prefix = flat(tail(lead, n++)); while (n < 20 && is(`${prefix} ${start}`, before));
      n = 2;
      while (!end && n < 20 && is(`${prefix} ${start}${suffix}`, before)) suffix = head(from.text.slice(e), n++);
      if (is(`${prefix} ${start}${suffix}`, before)) return turn; // rather the turn than other words
    }
    const code = (text) => encodeURIComponent(flat(text)).replace(/[-!'()*]/g, (sign) => `%${sign.charCodeAt().toString(16).toUpperCase()}`);
    const terms = [prefix && `${code(prefix)}-`, code(start), code(end), flat(suffix) && `-${code(suffix)}`];
    return `${turn}:~:text=${terms.filter(Boolean).join(",")}`;
  };

  // The box that is offered.
  let found = [];
  let back = null;
  let is_down = false;
  let is_known = false;
  let left = ""; // the selection for which the box was closed
  const mark = (range) => range && `${range.startOffset} ${range.endOffset} ${range}`;
  const select = styles();
  const box = make("div", { className: "quote", lang: "en", hidden: true }, 
    button("Copy link to these words", (by) => copy(fragment(found), "Link to these words", by)),
    button("Copy quotation", (by) => copy(quotation(found), "Quotation", by)),
    make("span", { className: "cite-tools" }, select, button("Cite", (by) => copy(found.map(({ turn }) => cited(turn, select.value)).join("\n\n"), "Citation", by.parentNode))),
  );
  box.setAttribute("role", "group");
  box.ariaLabel = "Quote what is selected";
  const hide = () => {
    const had = box.contains(document.activeElement);
    box.hidden = spare.hidden = true;
    found = [];
    if (had) (back?.isConnected && back !== document.body ? back : document.getElementById("main")).focus({ preventScroll: true });
  };
  const offer = () => {
    const selection = getSelection();
    const range = selection.isCollapsed || !selection.rangeCount ? null : selection.getRangeAt(0);
    if (is_down || (range ? mark(range) === left : box.contains(document.activeElement))) return;
    left = "";
    const now = range ? parts(range) : [];
    if (!now.length) { hide(); return; }
    found = now;
    spare.hidden = true;
    box.hidden = false;
    const { left: x, bottom } = [...range.getClientRects()].at(-1) || range.getBoundingClientRect();
    const room = document.documentElement.clientWidth - box.offsetWidth - 8;
    box.style.left = `${Math.max(8, Math.min(x, room)) + scrollX}px`;
    box.style.top = `${bottom + scrollY + 8}px`;
    if (!is_known && matchMedia("(hover: hover)").matches) say("Tab leads to a link, a quotation and a citation of what is selected");
    is_known = true;
  };
  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(offer, 200); };
  document.addEventListener("selectionchange", soon);
  document.addEventListener("pointerdown", (event) => { is_down = event.pointerType === "mouse" && !box.contains(event.target); });
  document.addEventListener("pointerup", () => { is_down = false; soon(); });
  document.addEventListener("keydown", (event) => {
    const is_outside = !box.contains(document.activeElement);
    if (event.key === "Tab" && !event.shiftKey && !box.hidden && is_outside) {
      event.preventDefault();
      back = document.activeElement;
      box.querySelector("button").focus({ preventScroll: true });
    } else if (event.key === "Escape" && !box.hidden) {
      left = mark(getSelection().rangeCount && getSelection().getRangeAt(0)) || "";
      hide();
    } else if (event.key === "Escape" && open()) {
      const { firstElementChild: summary } = open();
      open().open = false;
      summary.focus();
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.anchor");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) copy(whole(link.href), "Link");
    if (open() && !open().contains(event.target)) open().open = false;
  });
  document.getElementById("main").append(box, said);
})();
