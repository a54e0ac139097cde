import { expect, it, onTestFinished } from "vitest";
import { serveLibraries } from "../../../simulator/index.ts";
import { closeDoor, openDoor } from "../../../simulator/changer/index.ts";
import { type MediaChanger, openMediaChanger } from "../../../src/devices/changer/index.ts";
import { iscsi } from "../../../src/scsi/index.ts";
import { openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { cartridges, handled } from "./library.ts";

const [one, other] = ["iqn.2026-11.test:one", "iqn.2026-11.test:other"];

it("two changers at one address work at once, each in its own shape, and hear of their own doors alone", async () => {
  const small = await handled({ layout: "oracle", slots: 3 });
  const large = await handled({ slots: 3000, pickers: 2, quirks: ["one-type", "few-elements"] });
  const targets = [{ target: one, alias: "one", port: small.library.port() }, { target: other, alias: "other", port: large.library.port() }];
  const running = await serveLibraries(targets, { clock: systemClock, random: systemRandom });
  onTestFinished(() => running.close());
  const clients = await Promise.all([one, other].map(async (target) => {
    const portal = iscsi.formatPortal(running);
    const units = openIscsiTransports({ portal, target, initiator: "iqn.2026-11.test:initiator", clock: systemClock, random: systemRandom });
    onTestFinished(() => units.close());
    return openMediaChanger(await units.transport(0), systemClock);
  }));
  const [first, second] = clients as [MediaChanger, MediaChanger];
  const full = async (client: MediaChanger) => {
    const { elements } = await client.inventory();
    return elements.filter((element) => element.full).map(({ kind, number, barcode }) => [kind, number, barcode]);
  };
  const before = cartridges.map(({ barcode }, at) => ["slot", at + 1, barcode]);
  expect(await Promise.all(clients.map(full))).toEqual([before, before]);
  await Promise.all([
    first.move({ kind: "slot", number: 1 }, { kind: "drive", number: 1 }),
    second.move({ kind: "slot", number: 2 }, { kind: "slot", number: 3000 }),
  ]);
  expect(await full(first)).toEqual([["drive", 1, "SR0001L8"], ...before.slice(1)]);
  expect(await full(second)).toEqual([before[0], before[2], ["slot", 3000, "SR0002L8"]]);
  await large.hands(openDoor);
  expect([(await first.condition()).code, (await second.condition()).code]).toEqual([undefined, "DOOR_OPEN"]);
  await large.hands(closeDoor);
  await second.move({ kind: "slot", number: 3000 }, { kind: "slot", number: 2 });
  expect(await full(second)).toEqual(before);
});
