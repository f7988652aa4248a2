// The sidebar's width, the `/` key, and searches that go on without a reload.
import { useEffect } from "react";
import { useNavigate } from "react-router";

export const toggleSidebar = () => {
  const root = document.documentElement;
  const mini = root.dataset.nav !== "mini";
  if (mini) root.dataset.nav = "mini";
  else delete root.dataset.nav;
  localStorage.setItem("nav", mini ? "mini" : "full");
};

const typing = (element) => element.closest("input, textarea, select, [contenteditable=true]") !== null;

export const Keyboard = () => {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const field = document.getElementById("global-search");
      if (!field || field.offsetParent === null) return;
      event.preventDefault();
      field.focus();
    };
    const onSubmit = (event) => {
      const form = event.target.closest("form.k-global");
      if (!form) return;
      event.preventDefault();
      const text = new FormData(form).get("q").trim();
      const query = new URLSearchParams(text ? { q: text } : {});
      navigate(`${new URL(form.action).pathname}${text ? `?${query}` : ""}`);
    };
    // The router's link would change the address and leave the cursor where it was.
    const onSkip = (event) => {
      if (!event.target.closest("a.k-skip")) return;
      event.preventDefault();
      document.getElementById("content")?.focus();
    };
    document.addEventListener("click", onSkip, true);
    document.addEventListener("keydown", onKey);
    document.addEventListener("submit", onSubmit);
    return () => {
      document.removeEventListener("click", onSkip, true);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("submit", onSubmit);
    };
  }, [navigate]);
  return null;
};

// The cookie is the server's: it ends the session, then everything in this tab starts anew.
export const signOut = async () => {
  await fetch("/api/session", { method: "DELETE" });
  sessionStorage.clear();
  window.location.assign("/");
};
