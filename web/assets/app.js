// The script of every page. Pages work without it; it makes them quicker to use.
import "./page/menus.js";
import "./page/inbox.js";
import "./page/presence.js";
import "./page/about.js";
import "./page/sending.js";
import "./page/ways.js";

document.documentElement.classList.add("scripted");
