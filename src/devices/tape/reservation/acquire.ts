import { describeTransportId, reservationType, type ReservationKey } from "../../../scsi/index.ts";
import { printable, StrongroomError } from "../../../words/index.ts";
import type { ReservationExchange } from "./exchange.ts";
import { describeKey, sameKey } from "./key.ts";

/**
 * Registers this path and reserves the drive for it alone. What a process of this appliance left when it died is taken over, along this
 * path or another; a reservation of anybody else rejects with `DEVICE_RESERVED` and is left as it is. `unsupported` where the
 * drive has no persistent reservations.
 */
export async function acquire(name: string, exchange: ReservationExchange, key: ReservationKey): Promise<"held" | "unsupported"> {
  const registered = await registerPath(name, exchange, key);
  if (registered === "unsupported") return "unsupported";
  // A second turn, because the holder may give its reservation back between our asking and our looking.
  for (let turn = 0; turn < 2; turn += 1) {
    const reserved = await exchange.reserve();
    if (reserved === "done") return "held";
    if (reserved === "unsupported") return await withoutReservation(exchange);
    const holder = await exchange.reservation();
    if (holder === "none") continue;
    if (holder === undefined || !sameKey(holder.key, key)) break;
    if ((await exchange.takeOver()) === "done") return "held";
  }
  const refusal = await refusalOf(name, exchange, key);
  await exchange.unregister();
  throw refusal;
}

/** Registrations of other programs along our path are left alone while they have the drive, and replaced when nobody has it. */
async function registerPath(name: string, exchange: ReservationExchange, key: ReservationKey): Promise<"registered" | "unsupported"> {
  const first = await exchange.register("fresh");
  if (first === "unsupported") return "unsupported";
  if (first === "done") return "registered";
  const holder = await exchange.reservation();
  const isFree = holder === "none" || (holder !== undefined && sameKey(holder.key, key));
  if (isFree && (await exchange.register("replacing")) === "done") return "registered";
  throw await refusalOf(name, exchange, key);
}

/** It takes registrations but not this type of reservation: better none than one that others read differently. */
async function withoutReservation(exchange: ReservationExchange): Promise<"unsupported"> {
  await exchange.unregister();
  return "unsupported";
}

async function refusalOf(name: string, exchange: ReservationExchange, key: ReservationKey): Promise<StrongroomError> {
  const found = await exchange.holder();
  const reservation = found ?? (await exchange.reservation());
  const isKnown = reservation !== undefined && reservation !== "none";
  const owner = isKnown ? describeKey(reservation.key, key) : "another host, which the drive does not name";
  const path = found === undefined ? undefined : describeTransportId(found.transportId);
  const from = path === undefined ? "" : `, coming from ${printable(path)}`;
  const what = isKnown ? `, ${writing.has(reservation.type) ? "for writing" : "for itself alone"}` : "";
  return new StrongroomError("busy", "DEVICE_RESERVED", `drive ${name} is reserved by ${owner}${from}${what}; nothing was touched`, {
    hint: "let that host give the drive back; if it is gone for good, see \"A drive that another host has\" in docs/OPERATING.md",
  });
}

const writing: ReadonlySet<number> = new Set([
  reservationType.writeExclusive, reservationType.writeExclusiveRegistrants, reservationType.writeExclusiveAll,
]);
