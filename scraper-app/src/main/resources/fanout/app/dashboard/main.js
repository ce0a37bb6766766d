// Which page is shown, the theme, keys, and logging in.
import {el, show} from "./dom.js";
import {login, logout, onConnection, onTokenNeeded} from "./api.js";
import {listPage} from "./list.js";
import {newPage} from "./editor.js";
import {crawlPage} from "./crawl.js";

const main = document.getElementById("main");
const logoutButton = document.getElementById("logout");
let page = new AbortController();

async function open() {
  page.abort();
  page = new AbortController();
  const [route, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [place, id, tab] = route.split("/");
  for (const link of document.querySelectorAll("nav a")) {
    const current = link.dataset.page === (place === "new" ? "new" : "list");
    if (current) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  try {
    if (place === "crawls" && id) await crawlPage(main, id, tab, page.signal);
    else if (place === "new") await newPage(main, new URLSearchParams(query).get("from"), page.signal);
    else listPage(main, page.signal);
  } catch (error) {
    if (error.name !== "AbortError" && error.status !== 401) show(main, el("p", {class: "empty"}, error.message));
  }
}

function loginPage() {
  page.abort();
  page = new AbortController();
  const token = el("input", {type: "password", autocomplete: "current-password", "aria-label": "API token", required: true});
  const wrong = el("p", {class: "verdict bad", role: "alert"});
  const form = el("form", {}, token, wrong, el("button", {class: "primary"}, "Log in"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await login(token.value);
      logoutButton.hidden = false;
      sessionStorage.setItem("loggedIn", "yes");
      open();
    } catch (error) {
      wrong.textContent = error.message;
      token.select();
    }
  });
  show(main, el("div", {class: "card login"}, el("h1", {}, "Log in"), el("p", {class: "muted"}, "This service is opened by its API token."), form));
  token.focus();
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
}

function toggleTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
  localStorage.setItem("theme", dark ? "light" : "dark");
}

setTheme(localStorage.getItem("theme"));
logoutButton.hidden = !sessionStorage.getItem("loggedIn");
onTokenNeeded(loginPage);
onConnection((connected) => { document.getElementById("connection").textContent = connected ? "" : "no connection to the service"; });
document.getElementById("theme").addEventListener("click", toggleTheme);
logoutButton.addEventListener("click", async () => { await logout(); sessionStorage.removeItem("loggedIn"); logoutButton.hidden = true; loginPage(); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const search = document.getElementById("search");
  if (event.key === "n") location.hash = "#/new";
  else if (event.key === "c") location.hash = "#/";
  else if (event.key === "t") toggleTheme();
  else if (event.key === "/" && search) search.focus();
  else return;
  event.preventDefault();
});
addEventListener("hashchange", open);
open();
