import type { ListedDrive } from "../../../operations/index.ts";
import type { Line, Style } from "../../picture/index.ts";
import type { LibraryPicture } from "../../state/index.ts";
import type { Action, Row, Scene, View } from "../contract.ts";
import { ago, fact, name, sentence } from "../phrases.ts";
import { remember } from "../remember.ts";
import { cartridgeActions } from "./cartridge-actions.ts";

export { cartridgeActions } from "./cartridge-actions.ts";
export { mailSlotsOf, type Whereabouts, whereabouts } from "./whereabouts.ts";

type LibraryElement = NonNullable<LibraryPicture["shown"]>["elements"][number];

const order = ["drive", "mail-slot", "transport", "slot"] as const;

export const library: View = {
  id: "library",
  columns: ({ columns }) => [
    { title: columns.element, cells: 13, rank: 0 },
    { title: columns.barcode, cells: 10, rank: 0 },
    { title: columns.pool, cells: 12, rank: 1 },
    { title: columns.state, cells: 8, rank: 0 },
    { title: columns.condition, cells: 0, rank: 0 },
  ],
  above: ({ appliance, state, words }) =>
    appliance.libraries.flatMap(({ name: library_, trouble, shownMs, shown }) => {
      if (trouble === undefined) return [];
      const old = shown === undefined ? "" : ` (${words.frame.known(ago(shownMs, state.nowMs))})`;
      return fact(name(library_), `${sentence(trouble.sentence)}${old}`, "err");
    }),
  rows: (scene) => remember(scene, "library", () => scene.appliance.libraries.flatMap((one) => rowsOf(one, scene))),
  empty: ({ views }) => views.library.empty,
};

function rowsOf(library_: LibraryPicture, scene: Scene): readonly Row[] {
  const elements = library_.shown?.elements ?? [];
  // An empty gripper is no news.
  const shown = elements.filter(({ kind, full }) => kind !== "transport" || full);
  return order.flatMap((kind) => shown.filter((one) => one.kind === kind)).map((one) => rowOf(library_, one, scene));
}

function rowOf(library_: LibraryPicture, element: LibraryElement, scene: Scene): Row {
  const { words, appliance } = scene;
  const drive = element.kind === "drive" ? appliance.drives.find((one) => one.library === library_.name && one.number === element.number) : undefined;
  const several = appliance.libraries.length > 1;
  return {
    key: `${library_.name} ${element.kind} ${String(element.number)}`,
    cells: [
      `${several ? `${name(library_.name)} ` : ""}${words.elements[element.kind]} ${String(element.number)}`,
      element.barcode === undefined ? (element.full ? "?" : "") : name(element.barcode),
      element.volume?.pool === undefined ? "" : name(element.volume.pool),
      stateOf(element, drive, scene),
      conditionOf(element, drive),
    ],
    style: styleOf(element, drive),
    ...(element.barcode === undefined ? {} : { barcode: element.barcode }),
    detail: detailOf(library_, element, drive, scene),
    get actions() { return actionsOf(library_, element, drive, scene); },
  };
}

function stateOf(element: LibraryElement, drive: ListedDrive | undefined, { words }: Scene): string {
  if (drive !== undefined) return words.states[drive.state];
  if (!element.full) return words.states.empty;
  if (element.volume !== undefined) return words.states[element.volume.state];
  if (element.cleaning !== undefined || element.barcode?.startsWith("CLN") === true) return words.states.cleaning;
  return element.cartridge?.state ?? words.states.unread;
}

function conditionOf(element: LibraryElement, drive: ListedDrive | undefined): string {
  if (element.trouble !== undefined) return sentence(element.trouble.sentence);
  if (element.duplicate) return "duplicate barcode";
  return drive?.state === "busy" || drive?.state === "failed" ? sentence(drive.detail) : "";
}

function styleOf(element: LibraryElement, drive: ListedDrive | undefined): Style {
  if (element.trouble !== undefined || drive?.state === "failed") return "err";
  if (element.duplicate || drive?.cleaning === "wanted" || drive?.cleaning === "needed") return "warn";
  if (element.kind === "mail-slot" && element.full) return "note";
  return element.full ? "plain" : "dim";
}

function detailOf(library_: LibraryPicture, element: LibraryElement, drive: ListedDrive | undefined, { words }: Scene): readonly Line[] {
  const { facts } = words;
  const alerts = drive?.alerts ?? [];
  return [
    ...fact(facts.product, library_.shown === undefined ? undefined : name(library_.shown.product)),
    ...fact(facts.serial, element.driveSerial === undefined ? undefined : name(element.driveSerial)),
    ...fact(facts.cleaning, drive === undefined || drive.cleaning === "none" ? undefined : drive.cleaning),
    ...alerts.flatMap(({ name: alert, severity, advice }) => fact(facts.alerts, `${alert}; ${advice}`, severity)),
    ...fact(facts.summary, element.trouble === undefined ? undefined : sentence(element.trouble.sentence), "err"),
    ...fact(facts.advice, element.trouble === undefined ? undefined : sentence(element.trouble.advice)),
    ...fact(facts.cameFrom, element.source === undefined ? undefined : `${words.elements[element.source.kind]} ${String(element.source.number)}`),
  ];
}

function actionsOf(library_: LibraryPicture, element: LibraryElement, drive: ListedDrive | undefined, scene: Scene): readonly Action[] {
  const { words } = scene;
  const { actions, refusals } = words;
  const own = element.barcode === undefined ? [] : cartridgeActions(element.barcode, scene);
  const number = String(element.number);
  const busy = drive?.state === "busy" ? { refused: refusals.driveBusy(element.number, name(drive.detail)) } : {};
  const ofDrive: readonly Action[] = drive === undefined
    ? []
    : [
        { id: "unload", ...actions.unload, ...(element.full ? busy : { refused: refusals.driveEmpty(element.number) }), words: () => ["drive", "unload", library_.name, number] },
        { id: "healthOf", ...actions.healthOf, ...busy, words: () => ["drive", "health", library_.name, number] },
        { id: "clean", ...actions.clean, ...busy, isJob: true, words: () => ["drive", "clean", library_.name, number] },
        { id: "showDrive", ...actions.showDrive, ...busy, words: () => ["drive", "show", library_.name, number] },
      ];
  const isWaiting = element.kind === "mail-slot" && element.full;
  const ofLibrary: readonly Action[] = [
    { id: "import", ...actions.import, words: () => ["library", "import", library_.name] },
    { id: "openMailSlots", ...actions.openMailSlots, words: () => ["library", "open", library_.name] },
    { id: "audit", ...actions.audit, words: () => ["library", "audit", library_.name] },
  ];
  return isWaiting ? [ofLibrary[0]!, ...own, ...ofLibrary.slice(1)] : [...ofDrive, ...own, ...ofLibrary];
}

