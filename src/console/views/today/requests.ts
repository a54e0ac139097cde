import type { OperatorRequest } from "../../../operations/index.ts";
import type { JobRecord } from "../../../records/index.ts";
import type { Action, Row, Scene } from "../contract.ts";
import { requestsOf } from "../jobs/index.ts";
import { ago, fact, moment, name, sentence } from "../phrases.ts";

interface Waiting {
  readonly job: JobRecord;
  readonly request: OperatorRequest;
}

/** What running jobs wait for a person to do, the one that waits longest first. */
export function requests(scene: Scene): readonly Row[] {
  return waiting(scene).map((one) => rowOf(one, scene));
}

/** The one big line: what is needed, for which job, since when. Undefined while no job waits. */
export function calling(scene: Scene): { readonly needs: string; readonly rest: string } | undefined {
  const [first] = waiting(scene);
  if (first === undefined) return undefined;
  const { frame } = scene.words;
  return { needs: sentence(first.request.needs), rest: frame.jobWaits(first.job.id, ago(first.request.sinceMs, scene.state.nowMs)) };
}

function waiting({ appliance }: Scene): readonly Waiting[] {
  const running = appliance.jobs.filter(({ state }) => state === "running");
  const all = running.flatMap((job) => requestsOf(job).map((request) => ({ job, request })));
  return all.sort((a, b) => a.request.sinceMs - b.request.sinceMs);
}

function rowOf({ job, request }: Waiting, scene: Scene): Row {
  const { words, state } = scene;
  const { who, code, needs, hint, sinceMs } = request;
  return {
    key: `need request ${String(job.id)} ${who} ${code}`,
    cells: [words.states.needed, `${sentence(needs)} (${words.frame.jobWaits(job.id, ago(sinceMs, state.nowMs))})`, "", ago(sinceMs, state.nowMs)],
    style: "err",
    detail: [
      ...fact(words.facts.advice, hint === undefined ? undefined : sentence(hint), "strong"),
      ...fact(words.facts.waits, `${name(job.kind)} ${name(job.subject)}, ${name(who)}, ${moment(sinceMs)}`),
    ],
    actions: actionsFor(job, scene),
  };
}

/** A request is met by what people do at the library; the job sees it by itself and goes on. */
function actionsFor(job: JobRecord, { appliance, words: { actions, refusals } }: Scene): readonly Action[] {
  const ofLibraries = appliance.libraries.flatMap(({ name: library, shown }): readonly Action[] => {
    const holds = shown?.elements.some(({ kind, full }) => kind === "mail-slot" && full) === true;
    const label = appliance.libraries.length > 1 ? `: ${name(library)}` : "";
    const named = (action: { readonly text: string; readonly tooltip: string }) => ({ text: `${action.text}${label}`, tooltip: action.tooltip });
    return [
      { id: `import ${library}`, ...named(actions.import), ...(holds ? {} : { refused: refusals.mailSlotsEmpty() }), words: () => ["library", "import", library] },
      { id: `open ${library}`, ...named(actions.openMailSlots), words: () => ["library", "open", library] },
    ];
  });
  return [...ofLibraries, { id: "showJob", ...actions.showJob, words: () => ["job", "show", String(job.id)] }];
}
