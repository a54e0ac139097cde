import { faultCatalogue, type FaultEffect, type FaultRule } from "../../../simulator/index.ts";

/** A fault as cases name it. */
export interface NamedFault {
  readonly name: string;
  readonly effect: FaultEffect;
  readonly phase: NonNullable<FaultRule["phase"]>;
}

/** Kinds that a path within the process cannot show: what they change is on a wire, or the command goes on as if nothing were. */
const onWiresAlone: readonly FaultEffect["kind"][] = ["wire-deaf", "wire-logout", "wire-no-r2t"];

/** What a kind is tried with, where it takes more words than its own; each of them is a fault of its own. */
const variants: Readonly<Partial<Record<FaultEffect["kind"], Readonly<Record<string, FaultEffect>>>>> = {
  sense: {
    "medium-error": { kind: "sense", key: 3, code: 0x0c00 },
    "unrecovered-read": { kind: "sense", key: 3, code: 0x1100 },
    "deferred-medium-error": { kind: "sense", key: 3, code: 0x0c00, deferred: true },
    "recovered": { kind: "sense", key: 1, code: 0x1700 },
    "hardware": { kind: "sense", key: 4, code: 0x4400 },
    "becoming-ready": { kind: "sense", key: 2, code: 0x0401 },
    "not-ready": { kind: "sense", key: 2, code: 0x0400 },
    "illegal-request": { kind: "sense", key: 5, code: 0x2400 },
    "medium-may-have-changed": { kind: "sense", key: 6, code: 0x2800 },
    "power-on": { kind: "sense", key: 6, code: 0x2900 },
    "write-protected": { kind: "sense", key: 7, code: 0x2700 },
    "aborted": { kind: "sense", key: 0xb, code: 0x4700 },
    "unknown-code": { kind: "sense", key: 4, code: 0x80f7 },
  },
  "short-data": { "short-data": { kind: "short-data", keepBytes: 0 } },
  "wrong-residual": {
    "residual-too-large": { kind: "wrong-residual", offByBytes: -512 },
    "residual-too-small": { kind: "wrong-residual", offByBytes: 512 },
  },
  delay: { delay: { kind: "delay", delayMs: 90_000 } },
};

/** Every fault of the simulator's catalogue, in each phase in which it may strike. */
export const namedFaults: readonly NamedFault[] = faultCatalogue.filter(({ kind }) => !onWiresAlone.includes(kind)).flatMap(({ kind, phases }) =>
  Object.entries(variants[kind] ?? { [kind]: { kind } as FaultEffect }).flatMap(([name, effect]) =>
    phases.map((phase) => ({ name: `${name}-${phase}`, effect, phase }))));
