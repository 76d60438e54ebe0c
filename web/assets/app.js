// The script of every page. Pages work without it; it makes them quicker to use.
import "./page/menus.js";
import "./page/inbox.js";

document.documentElement.classList.add("scripted");
