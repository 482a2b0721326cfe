// Makes the outlines of this folder out of two packages, both drawn from public-domain sources (Natural Earth, United
// States Census Bureau), so that a map is drawn without asking any network.
//
//   npm pack world-atlas@2.0.2 us-atlas@3.0.1 iso-3166-1@2.1.1      # and unpack each into a folder of its name
//   node make.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const read = (path) => JSON.parse(readFileSync(join(folder, path), "utf8"));
const iso = require(join(folder, "iso-3166-1/dist/iso-3166.js")).default;
const HUNDREDTHS = 100;

/** Postal codes of the states by their number, as in `geo/src/states.rs`. */
const states = new Map(
  readFileSync(new URL("../../geo/src/states.rs", import.meta.url), "utf8")
    .match(/\("[A-Z]{2}", "\d{2}", "[^"]+"\)/g)
    .map((line) => line.match(/"([A-Z]{2})", "(\d{2})"/).slice(1).reverse()),
);
const countries = new Map(iso.map((one) => [one.numeric, one.alpha2]));

/** Distance of a point from a line, squared. */
function off([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = dx || dy ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2;
}

/** Douglas and Peucker: leaves out what lies within `tolerance` of the line that stays. */
function simpler(points, tolerance) {
  const keep = new Set([0, points.length - 1]);
  const open = [[0, points.length - 1]];
  while (open.length > 0) {
    const [from, to] = open.pop();
    let [worst, at] = [tolerance ** 2, -1];
    for (let i = from + 1; i < to; i += 1) {
      const found = off(points[i], points[from], points[to]);
      if (found > worst) [worst, at] = [found, i];
    }
    if (at > 0) {
      keep.add(at);
      open.push([from, at], [at, to]);
    }
  }
  return points.filter((_, i) => keep.has(i));
}

/** Borders that two share are simplified once, so that no gap opens between them. */
function outlines(topology, objects, code, tolerance, least) {
  const { scale, translate } = topology.transform;
  const whole = topology.arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => {
      [x, y] = [x + dx, y + dy];
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  const simple = whole.map((arc) => simpler(arc, tolerance));
  const ring = (indices, arcs) =>
    indices.flatMap((index, i) => {
      const arc = index < 0 ? [...arcs[~index]].reverse() : arcs[index];
      return i === 0 ? arc : arc.slice(1);
    });
  const lines = [];
  for (const one of objects.geometries) {
    const named = code(one);
    if (!named || !one.arcs) continue;
    // The outer ring of each part: what lies within another country is drawn upon it.
    const parts = (one.type === "Polygon" ? [one.arcs] : one.arcs).map((part) => part[0]);
    const spans = parts.map((part) => span(rounded(ring(part, whole))));
    const largest = Math.max(...spans);
    const kept = parts.filter((_, i) => spans[i] === largest || spans[i] >= least).map((part) => {
      const drawn = rounded(ring(part, simple));
      // What the tolerance leaves nothing of is drawn as it is.
      return drawn.length > 4 ? drawn : rounded(ring(part, whole));
    });
    const text = kept.map((part) => deltas(part)).join(";");
    if (text) lines.push(`${named}\t${one.properties.name}\t${text}`);
  }
  return lines.sort().join("\n") + "\n";
}

const rounded = (part) => part.map((point) => point.map((degree) => Math.round(degree * HUNDREDTHS)));

/** How large a part is: the area of the box around it. */
function span(part) {
  const [xs, ys] = [part.map(([x]) => x), part.map(([, y]) => y)];
  return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
}

/** The first point, then each step. The last point, which is the first again, is left out. */
function deltas(part) {
  let [x, y] = [0, 0];
  const steps = [];
  for (const point of part.slice(0, -1)) {
    const step = [point[0] - x, point[1] - y];
    if (steps.length > 0 && step[0] === 0 && step[1] === 0) continue;
    steps.push(step.join(" "));
    [x, y] = point;
  }
  return steps.join(" ");
}

const world = read("world-atlas/countries-50m.json");
const nation = read("us-atlas/states-10m.json");
// Antarctica and what has no code of its own are left out.
const country = (one) => (one.id === "010" ? undefined : countries.get(one.id));
const state = (one) => (states.has(one.id) ? `US-${states.get(one.id)}` : undefined);
writeFileSync(new URL("countries.txt", import.meta.url), outlines(world, world.objects.countries, country, 0.12, 2500));
writeFileSync(new URL("states.txt", import.meta.url), outlines(nation, nation.objects.states, state, 0.05, 900));
