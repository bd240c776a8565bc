/* What every page does: dialogs, the printed help, walking a list by keyboard, and which calls the last list held. */
"use strict";
(() => {
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=range]):not([type=radio]), textarea, select, [contenteditable]");
  const open = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.dispatchEvent(new Event("opening"));
    dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]"), closer = event.target.closest("[data-close]");
    if (opener) open(opener.dataset.open);
    if (closer) closer.closest("dialog").close();
    if (event.target.closest("[data-print]")) window.print();
  });
  window.qa = { typing, open };

  const list = document.getElementById("list");
  const links = list ? [...list.querySelectorAll("a[data-call]")] : [];
  if (list) sessionStorage.setItem("calls", JSON.stringify({ ids: links.map((a) => a.dataset.call), list: location.href }));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") open("keys");
    else if (event.key === "/" && (document.getElementById("find") || document.getElementById("search"))) (document.getElementById("find") || document.getElementById("search")).focus();
    else if (links.length && (event.key === "j" || event.key === "k")) {
      const here = links.indexOf(document.activeElement), step = event.key === "j" ? 1 : -1;
      links[here < 0 ? 0 : Math.min(links.length - 1, Math.max(0, here + step))].focus();
    } else return;
    event.preventDefault();
  });
})();
