// A link to a passage that has moved leads on to where it is now; without this, the link stands there.
(() => {
  const follow = () => {
    let id;
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const stone = id ? document.getElementById(id) : null;
    if (stone?.matches("[data-moved]")) location.replace(stone.querySelector("a").href);
  };
  addEventListener("hashchange", follow);
  follow();
})();
