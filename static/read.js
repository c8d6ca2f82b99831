// Reading one voice: the stylesheet does it; here the address remembers who was chosen, and a line says what is shown.
(() => {
  const boxes = [...document.querySelectorAll(".only")];
  const told = document.querySelector(".only-told");
  if (!boxes.length || !told) return;
  const turns = [...document.querySelectorAll(".turn:not(.narration)")];
  const tell = () => {
    const shown = turns.filter((turn) => getComputedStyle(turn).display !== "none").length;
    told.textContent = boxes.some((box) => box.checked) ? `${shown} of ${turns.length} turns are shown.` : "";
  };
  const keep = () => {
    const url = new URL(location);
    url.searchParams.delete("only");
    for (const box of boxes) if (box.checked) url.searchParams.append("only", box.dataset.speaker);
    history.replaceState(history.state, "", url);
    tell();
  };
  const chosen = new URLSearchParams(location.search).getAll("only");
  for (const box of boxes) if (chosen.includes(box.dataset.speaker)) box.checked = true;
  if (chosen.length) {
    tell();
    document.querySelector(":target")?.scrollIntoView();
  }
  const form = boxes[0].form;
  form.addEventListener("change", keep);
  form.addEventListener("reset", () => setTimeout(() => {
    keep();
    told.textContent = "All turns are shown.";
    if (document.activeElement === document.body) boxes[0].focus(); // the button is gone with what it undid
  }));
  addEventListener("hashchange", tell); // a link may lead to a turn that was hidden
})();
