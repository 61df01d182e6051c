/** A plain map: north is up, one scale, no shapes of land; places and the ways between them. */

import { ACTION_COLOURS } from "../../parts/tags.js";
import type { Leg, Place, Stop } from "./travel-path.js";

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = 48;
const KM_PER_DEGREE = 111.2;
/** Of one city: what lies closer is drawn as if it were so wide. */
const SPAN_KM_MIN = 8;
const SCALE_BARS_KM = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
const NAMES_MAX = 12;

export function TravelMap({
  stops,
  legs,
  label,
  nameOf,
}: {
  readonly stops: readonly Stop[];
  readonly legs: readonly Leg[];
  readonly label: string;
  readonly nameOf: (region: string) => string;
}) {
  const { project, pixelsPerKm } = projection(stops.map(({ place }) => place));
  const places = placesOf(stops);
  const barKm = SCALE_BARS_KM.findLast((km) => km * pixelsPerKm <= WIDTH / 4) ?? 1;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
      style={{
        width: "100%",
        maxWidth: 900,
        background: "#fff",
        border: "1px solid #e3e7ec",
        borderRadius: 6,
      }}
    >
      {legs.map((leg) => {
        const [a, b] = [project(leg.from.place), project(leg.to.place)];
        return (
          <line
            key={`${leg.from.eventId} ${leg.to.eventId}`}
            x1={a.x}
            y1={a.y}
            x2={b.x}
            y2={b.y}
            stroke={leg.isTooFast ? "#b3202c" : "#8793a3"}
            strokeWidth={leg.isTooFast ? 3 : 1.5}
            strokeDasharray={leg.isTooFast ? "none" : "5 4"}
          />
        );
      })}
      {places.map(({ stop, count }, index) => {
        const { x, y } = project(stop.place);
        return (
          <g key={stop.eventId}>
            <circle
              cx={x}
              cy={y}
              r={Math.min(5 + Math.sqrt(count), 12)}
              fill={ACTION_COLOURS[stop.action ?? "approve"]}
              stroke="#fff"
              strokeWidth={1.5}
            />
            {index < NAMES_MAX && (
              <text
                x={x}
                y={y - 12}
                textAnchor="middle"
                fontSize={13}
                fill="#1c2430"
                stroke="#fff"
                strokeWidth={3}
                paintOrder="stroke"
              >
                {nameOf(stop.careRegion)}
              </text>
            )}
          </g>
        );
      })}
      <g transform={`translate(${MARGIN / 2} ${HEIGHT - 16})`}>
        <line x1={0} y1={0} x2={barKm * pixelsPerKm} y2={0} stroke="#1c2430" strokeWidth={2} />
        <text x={barKm * pixelsPerKm + 6} y={4} fontSize={12} fill="#1c2430">
          {barKm} km
        </text>
      </g>
      <text x={WIDTH - 16} y={20} fontSize={12} textAnchor="end" fill="#1c2430">
        N ↑
      </text>
    </svg>
  );
}

/** Places once each, the ones with the strongest action on top and named first. */
function placesOf(stops: readonly Stop[]): readonly { readonly stop: Stop; readonly count: number }[] {
  const ranks = Object.keys(ACTION_COLOURS);
  const rankOf = ({ action }: Stop) => ranks.indexOf(action ?? "approve");
  const byPlace = new Map<string, { stop: Stop; count: number }>();
  for (const stop of stops) {
    const key = `${stop.place.longitude.toFixed(3)} ${stop.place.latitude.toFixed(3)}`;
    const known = byPlace.get(key);
    if (known === undefined) byPlace.set(key, { stop, count: 1 });
    else
      byPlace.set(key, {
        stop: rankOf(stop) > rankOf(known.stop) ? stop : known.stop,
        count: known.count + 1,
      });
  }
  return [...byPlace.values()].sort((a, b) => rankOf(b.stop) - rankOf(a.stop) || b.count - a.count);
}

function projection(places: readonly Place[]) {
  const [west, east] = rangeOf(places.map(({ longitude }) => longitude));
  const [south, north] = rangeOf(places.map(({ latitude }) => latitude));
  const middle = { longitude: (west + east) / 2, latitude: (south + north) / 2 };
  const kmPerDegreeEast = KM_PER_DEGREE * Math.cos((middle.latitude * Math.PI) / 180);
  const widthKm = Math.max((east - west) * kmPerDegreeEast, SPAN_KM_MIN);
  const heightKm = Math.max((north - south) * KM_PER_DEGREE, SPAN_KM_MIN / 2);
  const pixelsPerKm = Math.min((WIDTH - 2 * MARGIN) / widthKm, (HEIGHT - 2 * MARGIN) / heightKm);
  return {
    pixelsPerKm,
    project: ({ longitude, latitude }: Place) => ({
      x: WIDTH / 2 + (longitude - middle.longitude) * kmPerDegreeEast * pixelsPerKm,
      y: HEIGHT / 2 - (latitude - middle.latitude) * KM_PER_DEGREE * pixelsPerKm,
    }),
  };
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
