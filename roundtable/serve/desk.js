// A source and its page scroll together, by turn; and when the source was edited, its lines are put in place.
(() => {
  const frame = document.getElementById("page");
  const source = document.getElementById("source");
  let leader = null; // the side that is scrolled by hand; the other one follows
  let rest = 0;

  const inside = () => { try { return frame?.contentDocument; } catch { return null; } };
  const firsts = () => [...source.querySelectorAll("li.first")];

  function lead(side) {
    if (leader && leader !== side) return false;
    leader = side;
    clearTimeout(rest);
    rest = setTimeout(() => { leader = null; }, 150);
    return true;
  }

  // Of things in their order down the page, the last that begins above a height, and how much of it is above, from 0 to 1.
  function at(things, height) {
    let [low, high] = [0, things.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (things[middle].getBoundingClientRect().top <= height) low = middle + 1;
      else high = middle;
    }
    const one = things[Math.max(low - 1, 0)];
    if (!one) return [null, 0];
    const [top, next] = [one.getBoundingClientRect().top, things[Math.max(low, 1)]?.getBoundingClientRect().top];
    return [one, next > top ? Math.min(Math.max((height - top) / (next - top), 0), 1) : 0];
  }

  const offset = () => source.getBoundingClientRect().top + 8;

  function pageFollows() {
    const page = inside();
    if (!page?.defaultView || !lead("source")) return;
    const [line, part] = at(firsts(), offset());
    const turn = line && page.getElementById(line.dataset.of);
    if (!turn) return;
    const top = turn.getBoundingClientRect().top + page.defaultView.scrollY;
    page.defaultView.scrollTo({ top: line === firsts()[0] && source.scrollTop < 8 ? 0 : top + part * turn.offsetHeight - 8, behavior: "instant" });
  }

  function sourceFollows() {
    const page = inside();
    if (!page || !lead("page")) return;
    const [turn, part] = at([...page.querySelectorAll("[data-turn]")], 8);
    const lines = turn ? firsts() : [];
    const place = lines.findIndex((one) => one.dataset.of === turn.dataset.turn);
    if (place < 0) return;
    const [top, next] = [lines[place], lines[place + 1]].map((one) => one?.getBoundingClientRect().top);
    const begin = top - source.getBoundingClientRect().top + source.scrollTop;
    source.scrollTo({ top: page.defaultView.scrollY < 8 ? 0 : begin + part * ((next ?? top) - top), behavior: "instant" });
  }

  source.addEventListener("scroll", pageFollows, { passive: true });
  frame?.addEventListener("load", () => {
    inside()?.defaultView.addEventListener("scroll", sourceFollows, { passive: true });
    if (location.hash) pageFollows();
  });
  if (inside()?.readyState === "complete") inside().defaultView.addEventListener("scroll", sourceFollows, { passive: true });

  document.addEventListener("roundtable-built", async () => {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("source");
    if (!made) return; // a build goes on, and is told of when it ends
    const top = source.scrollTop;
    leader = "page"; // what is put in place isn't scrolled
    source.replaceChildren(...made.childNodes);
    source.scrollTop = top;
    rest = setTimeout(() => { leader = null; }, 300);
  });
})();
