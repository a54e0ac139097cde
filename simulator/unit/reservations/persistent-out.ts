import type { ScsiCommand } from "../../../src/scsi/index.ts";
import { be16, be32, check, conflict, good, invalidField, type Outcome, senses, viewOf } from "../../wire/index.ts";
import { relativePort } from "./persistent-in.ts";
import { isForRegistrants, isHeldByAll, isType, type Registrant, type Registrants } from "./registrants.ts";
import { identityOf, transportIdList } from "./transport-ids.ts";

/** Tells a registrant, by its identity, what others did to it. */
export type Tell = (id: string, news: "released" | "preempted" | "unregistered") => void;

export interface Caller {
  readonly id: string;
  readonly transportId: Uint8Array;
}

interface Request {
  readonly registrants: Registrants;
  readonly caller: Caller;
  readonly own: Registrant | undefined;
  readonly type: number;
  readonly key: bigint;
  readonly actionKey: bigint;
  readonly list: Uint8Array;
  readonly tell: Tell;
}

const listBytes = 24;
const flagsByte = 20;

/** PERSISTENT RESERVE OUT (SPC-5, 6.17). All of it or nothing. */
export function persistentReserveOut(registrants: Registrants, caller: Caller, { cdb, dataOut }: ScsiCommand, tell: Tell): Outcome {
  const action = cdb[1]! & 0x1f;
  const run = actions[action];
  if (run === undefined) return check(invalidField(1));
  const list = (dataOut ?? new Uint8Array(0)).subarray(0, be32(cdb, 5));
  const isWhole = list.length === be32(cdb, 5) && list.length >= listBytes;
  if (!isWhole || (list.length !== listBytes && !namesOthers(action, list))) return check(senses.parameterListLength);
  if (action !== 0 && action !== 7 && namesOthers(action, list)) return check(senses.invalidParameter);
  const view = viewOf(list);
  const own = registrants.get(caller.id);
  const request: Request = {
    registrants, caller, own, type: cdb[2]! & 0x0f, key: view.getBigUint64(0), actionKey: view.getBigUint64(8), list, tell,
  };
  const usesType = action === 1 || action === 2 || action === 4 || action === 5;
  if (usesType && ((cdb[2]! & 0xf0) !== 0 || !isType(request.type))) return check(invalidField(2));
  const mustBeKnown = action !== 0 && action !== 6;
  if (mustBeKnown && own?.key !== request.key) return conflict;
  return run(request);
}

/** SPEC_I_PT, or the list of REGISTER AND MOVE. */
function namesOthers(action: number, list: Uint8Array): boolean {
  return action === 7 || (list[flagsByte]! & 0x08) !== 0;
}

const actions: readonly ((request: Request) => Outcome)[] = [
  register, reserve, release, clear, preempt, preempt, registerAndIgnore, registerAndMove,
];

function register(request: Request): Outcome {
  const { own, key } = request;
  return key === (own?.key ?? 0n) ? enroll(request) : conflict;
}

function registerAndIgnore(request: Request): Outcome {
  return enroll(request);
}

function enroll({ registrants, caller, own, actionKey, list, tell }: Request): Outcome {
  const others = (list[flagsByte]! & 0x08) === 0 ? [] : transportIdList(list, 24);
  if (others === undefined || (others.length > 0 && own !== undefined)) return check(senses.invalidParameter);
  if (actionKey === 0n && own === undefined) return good;
  const newcomers = [...(own === undefined ? [caller.transportId] : []), ...others].map((transportId) => ({ id: identityOf(transportId), transportId }));
  if (others.some((one) => registrants.get(identityOf(one)) !== undefined)) return conflict;
  if (registrants.isFull(newcomers.length)) return check(senses.tooManyRegistrations);
  registrants.survivesPowerLoss = (list[flagsByte]! & 0x01) !== 0;
  registrants.generation += 1;
  if (actionKey === 0n) withdraw(registrants, caller.id, tell);
  else if (own !== undefined) own.key = actionKey;
  else for (const one of newcomers) registrants.add({ ...one, key: actionKey });
  return good;
}

function withdraw(registrants: Registrants, id: string, tell: Tell): void {
  const ended = registrants.remove(id);
  if (ended !== undefined && isForRegistrants(ended)) for (const one of registrants.all()) tell(one.id, "released");
}

function reserve({ registrants, caller, type }: Request): Outcome {
  const held = registrants.reservation;
  if (held !== undefined) return registrants.isHolder(caller.id) && held.type === type ? good : conflict;
  registrants.reservation = { type, holder: isHeldByAll(type) ? undefined : caller.id };
  return good;
}

function release({ registrants, caller, type, tell }: Request): Outcome {
  const held = registrants.reservation;
  if (held === undefined || !registrants.isHolder(caller.id)) return good;
  if (held.type !== type) return check(senses.invalidRelease);
  registrants.reservation = undefined;
  if (isForRegistrants(type)) for (const one of registrants.all()) if (one.id !== caller.id) tell(one.id, "released");
  return good;
}

function clear({ registrants, caller, tell }: Request): Outcome {
  const others = registrants.all().filter(({ id }) => id !== caller.id);
  registrants.clear();
  registrants.generation += 1;
  for (const { id } of others) tell(id, "preempted");
  return good;
}

/** The commands of those who are preempted have ended already: a unit runs one at a time. So PREEMPT AND ABORT is this too. */
function preempt(request: Request): Outcome {
  const { registrants, caller, actionKey, type, tell } = request;
  const held = registrants.reservation;
  const fromAll = held !== undefined && isHeldByAll(held.type) && actionKey === 0n;
  const takesOver = fromAll || (held !== undefined && registrants.holderKey() === actionKey);
  if (actionKey === 0n && !takesOver) return check(senses.invalidParameter);
  const meant = registrants.all().filter((one) => fromAll || one.key === actionKey);
  if (meant.length === 0 && !takesOver) return conflict;
  registrants.generation += 1;
  for (const { id } of meant) {
    // Who preempts itself to change the type of its reservation stays registered.
    if (id === caller.id && takesOver) continue;
    registrants.remove(id);
    if (id !== caller.id) tell(id, "unregistered");
  }
  if (!takesOver) return good;
  registrants.reservation = { type, holder: isHeldByAll(type) ? undefined : caller.id };
  if (held.type !== type) for (const { id } of registrants.all()) if (id !== caller.id) tell(id, "released");
  return good;
}

/** Gives a reservation to another path, which becomes registered (SPC-5, 5.14.8). */
function registerAndMove({ registrants, caller, actionKey, list, tell }: Request): Outcome {
  const held = registrants.reservation;
  if (held === undefined || !registrants.isHolder(caller.id) || isHeldByAll(held.type)) return conflict;
  const ids = transportIdList(list, 20);
  const [transportId] = ids ?? [];
  const isSound = transportId !== undefined && ids?.length === 1 && be16(list, 18) === relativePort && actionKey !== 0n;
  if (!isSound || identityOf(transportId) === caller.id) return check(senses.invalidParameter);
  const id = identityOf(transportId);
  const known = registrants.get(id);
  if (known === undefined && registrants.isFull(1)) return check(senses.tooManyRegistrations);
  registrants.survivesPowerLoss = (list[17]! & 0x01) !== 0;
  registrants.generation += 1;
  if (known === undefined) registrants.add({ id, transportId, key: actionKey });
  else known.key = actionKey;
  registrants.reservation = { type: held.type, holder: id };
  if ((list[17]! & 0x02) !== 0) withdraw(registrants, caller.id, tell);
  return good;
}
