// Touch: one finger moves the drawing, two zoom it. Sideways only while the page itself scrolls (CSS touch-action).
export function hearFingers(container, canvas) {
  const fingers = new Map();
  const lift = (event) => fingers.delete(event.pointerId);

  container.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") fingers.set(event.pointerId, at(event));
  });
  container.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, at(event));
    const after = [...fingers.values()];
    if (after.length === 2) zoom(before, after);
    const [from, to] = [middle(before), middle(after)];
    canvas.scroll({ dx: to.x - from.x, dy: to.y - from.y });
  });
  container.addEventListener("pointerup", lift);
  container.addEventListener("pointercancel", lift);

  function zoom(before, after) {
    const corner = container.getBoundingClientRect();
    const centre = middle(after);
    const factor = apart(after) / Math.max(apart(before), 1);
    canvas.zoom(canvas.zoom() * factor, { x: centre.x - corner.x, y: centre.y - corner.y });
  }
}

const at = (event) => ({ x: event.clientX, y: event.clientY });

const middle = (points) => ({
  x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
  y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
});

const apart = ([one, other]) => Math.hypot(one.x - other.x, one.y - other.y);
