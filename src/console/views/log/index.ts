import type { View } from "../contract.ts";
import { fact, moment, sentence } from "../phrases.ts";

export const log: View = {
  id: "log",
  columns: ({ columns }) => [
    { title: columns.time, cells: 16, rank: 0 },
    { title: columns.job, cells: 5, right: true, rank: 1 },
    { title: columns.severity, cells: 5, rank: 0 },
    { title: columns.what, cells: 0, rank: 0 },
  ],
  rows: ({ appliance, words }) =>
    [...appliance.events].reverse().map(({ jobId, timeMs, severity, code, text }, at) => ({
      key: `event ${String(jobId)} ${String(timeMs)} ${String(appliance.events.length - at)}`,
      cells: [moment(timeMs), String(jobId), severity, sentence(text)],
      style: severity === "ok" ? "plain" : severity,
      get detail() { return [...fact(words.columns.code, code), ...fact(words.columns.what, sentence(text))]; },
      get actions() { return [{ id: "showJob", ...words.actions.showJob, words: () => ["job", "show", String(jobId)] }]; },
    })),
  empty: ({ views }) => views.log.empty,
};
