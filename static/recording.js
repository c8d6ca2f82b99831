// Times beside the words move the recording; the turn that is being spoken is marked. Nothing scrolls, and focus stays.
(() => {
  const player = document.querySelector("[data-recording] > audio, [data-recording] > video");
  const links = [...document.querySelectorAll("a.seek")];
  const times = links.map((link) => Number(link.hash.slice(3)));
  let spoken = null;
  const mark = (turn) => {
    if (turn === spoken) return;
    if (spoken) { spoken.classList.remove("spoken"); spoken.removeAttribute("aria-current"); }
    if (turn) { turn.classList.add("spoken"); turn.setAttribute("aria-current", "time"); }
    spoken = turn;
  };
  const follow = () => {
    let last = -1;
    times.forEach((time, i) => { if (time <= player.currentTime + 0.01 && (last < 0 || time >= times[last])) last = i; });
    mark(last < 0 ? null : links[last].closest("[data-turn]"));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.seek");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const seek = () => { player.currentTime = times[links.indexOf(link)]; };
    if (player.readyState) seek(); else player.addEventListener("loadedmetadata", seek, { once: true });
    player.play().catch(() => {}); // the player itself says what is wrong
  });
  for (const name of ["timeupdate", "seeked"]) player.addEventListener(name, follow);
  player.addEventListener("ended", () => mark(null));
})();
