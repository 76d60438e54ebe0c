// The script of every page. Pages work without it; it makes them quicker to use.
import "./parts/menus.js";
import "../../work/assets/parts/inbox.js";
import "../../work/assets/parts/presence.js";
import "../../work/assets/parts/about.js";
import "./parts/sending.js";
import "./parts/ways.js";

document.documentElement.classList.add("scripted");
