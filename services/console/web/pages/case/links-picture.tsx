/** The links drawn by ECharts on a canvas: texts are painted, never read as markup. The table beside it says the same. */

import { GraphChart } from "echarts/charts";
import { LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useWords } from "../../words/words.js";
import { type Graph, type GraphNode, nodeWords } from "./graph-words.js";

use([GraphChart, LegendComponent, CanvasRenderer]);

const KINDS = ["person", "institution", "terminal", "agent"] as const;
const COLOURS = ["#1d4f91", "#2f7d4f", "#8a6100", "#6b3fa0"];
const HEIGHT = 420;
const NAME_SHOWN = 10;

export default function LinksPicture({ graph }: { readonly graph: Graph }) {
  const place = useRef<HTMLDivElement>(null);
  const kinds = useWords(nodeWords);
  useEffect(() => {
    const chart = init(place.current!);
    chart.setOption({
      color: COLOURS,
      legend: { data: KINDS.map((kind) => kinds[kind]), bottom: 0 },
      series: [
        {
          type: "graph",
          layout: "force",
          roam: true,
          animation: false,
          force: { repulsion: 220, edgeLength: 90, layoutAnimation: false },
          categories: KINDS.map((kind) => ({ name: kinds[kind] })),
          data: graph.nodes.map(pictureNode),
          links: graph.edges.map(({ from, to, swipes, stopped }) => ({
            source: from,
            target: to,
            lineStyle: {
              width: Math.min(1 + Math.log2(1 + swipes), 6),
              color: stopped > 0 ? "#b3202c" : "#8793a3",
            },
          })),
        },
      ],
    });
    const resized = new ResizeObserver(() => chart.resize());
    resized.observe(place.current!);
    return () => {
      resized.disconnect();
      chart.dispose();
    };
  }, [graph, kinds]);
  return <div ref={place} aria-hidden="true" style={{ height: HEIGHT, width: "100%" }} />;
}

function pictureNode({ kind, key, name, hop, stopped }: GraphNode) {
  const text = name || key;
  return {
    id: `${kind}:${key}`,
    name: `${kind}:${key}`,
    category: KINDS.indexOf(kind),
    symbolSize: hop === 0 ? 34 : hop === 1 ? 22 : 14,
    ...(stopped > 0 && { itemStyle: { borderColor: "#b3202c", borderWidth: 3 } }),
    label: {
      show: hop < 2,
      position: "bottom",
      formatter: () => (text.length > NAME_SHOWN ? `${text.slice(0, NAME_SHOWN)}…` : text),
    },
  };
}
