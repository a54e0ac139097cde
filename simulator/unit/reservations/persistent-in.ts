import type { ScsiCommand } from "../../../src/scsi/index.ts";
import { answer, be16, check, field, invalidField, type Outcome } from "../../wire/index.ts";
import { isHeldByAll, type Registrant, type Registrants } from "./registrants.ts";

/** PERSISTENT RESERVE IN (SPC-5, 6.16): keys, the reservation, what is supported, and all of it. */
export function persistentReserveIn(registrants: Registrants, command: ScsiCommand): Outcome {
  const { cdb } = command;
  const data = [keys, reservation, capabilities, fullStatus][cdb[1]! & 0x1f]?.(registrants);
  return data === undefined ? check(invalidField(1)) : answer(command, data, be16(cdb, 7));
}

function keys(registrants: Registrants): number[] {
  return listed(registrants, registrants.all().flatMap(({ key }) => keyField(key)));
}

function reservation(registrants: Registrants): number[] {
  const held = registrants.reservation;
  if (held === undefined) return listed(registrants, []);
  return listed(registrants, [...keyField(registrants.holderKey() ?? 0n), 0, 0, 0, 0, 0, held.type, 0, 0]);
}

/** Reservations by RESERVE may meet registrations (CRH), keys for others (SIP_C), for all ports (ATP_C), over a loss of power (PTPL_C). */
function capabilities({ survivesPowerLoss }: Registrants): number[] {
  return [0, 8, 0x1d, 0x80 | (survivesPowerLoss ? 0x01 : 0), 0xea, 0x01, 0, 0];
}

function fullStatus(registrants: Registrants): number[] {
  return listed(registrants, registrants.all().flatMap((one) => descriptor(registrants, one)));
}

function descriptor(registrants: Registrants, { id, key, transportId }: Registrant): number[] {
  const held = registrants.reservation;
  const isHolder = held !== undefined && (isHeldByAll(held.type) || held.holder === id);
  const tail = [...field(transportId.length, 4), ...transportId];
  return [...keyField(key), 0, 0, 0, 0, isHolder ? 0x01 : 0, isHolder ? held.type : 0, 0, 0, 0, 0, ...field(relativePort, 2), ...tail];
}

/** A library has one target port. */
export const relativePort = 1;

function listed({ generation }: Registrants, body: readonly number[]): number[] {
  return [...field(generation, 4), ...field(body.length, 4), ...body];
}

function keyField(key: bigint): number[] {
  return [...field(Number(key >> 32n), 4), ...field(Number(key & 0xffffffffn), 4)];
}
