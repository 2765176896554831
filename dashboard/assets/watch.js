// Asks whether the sign-in still stands. When it does not, the page and what it shows are left at once.
(() => {
  const seconds = Number(document.currentScript.dataset.seconds);
  const leave = (why) => {
    const here = location.pathname + location.search;
    const lang = new URLSearchParams(location.search).get("lang");
    const query = new URLSearchParams({ why, next: why === "ended" ? here : "/" });
    if (lang) query.set("lang", lang);
    document.documentElement.hidden = true;
    location.replace("/sign-in?" + query);
  };
  const look = async () => {
    try {
      const answer = await fetch("/sign-in/state", { cache: "no-store" });
      if (answer.status === 401) leave("ended");
    } catch { /* the server is not reachable; Streamlit says so itself */ }
  };
  setInterval(look, seconds * 1000);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("pageshow", (event) => event.persisted && look());
  // Without this script the link leads to a page that asks once more.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.('a[href^="/sign-out"]');
    if (!link) return;
    event.preventDefault();
    await fetch("/sign-out", { method: "POST" });
    leave("signed_out");
  }, true);
})();
