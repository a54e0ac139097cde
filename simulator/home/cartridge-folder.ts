/* eslint-disable @typescript-eslint/require-await -- async turns failures into rejections, as the contract has them */
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createFolderStore, isLayoutOf, openFolderTape, type TapeLayout, wholeTape } from "../storage/index.ts";
import type { Cartridge, CartridgeFacts, MemoryAttribute } from "./contract.ts";
import { cartridgeExists, noSuchCartridge } from "./failures.ts";
import type { CartridgeDamage } from "./cartridge-damage.ts";
import { damageReader, readDamage, writeDamage } from "./damage-file.ts";
import { renewFacts } from "./first-format.ts";
import { isCartridgeFacts, isMemoryText } from "./guards.ts";
import { readJson, replaceJson } from "./json-file.ts";
import { isBarcode } from "./roster.ts";

const factsName = "cartridge.json";
const memoryName = "memory.json";
/** Only where a drive divided the tape. */
const layoutName = "partitions.json";
const damageName = "damage.json";

/** One folder per cartridge: what it is, what its chip says, and what is recorded on it. */
export async function listCartridgeFolders(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent);
  return names.filter((name) => isBarcode(name) && existsSync(join(parent, name, factsName)));
}

/** A cartridge appears whole, by one rename. */
export async function createCartridgeFolder(parent: string, facts: CartridgeFacts): Promise<void> {
  const target = join(parent, facts.barcode);
  if (existsSync(target)) throw cartridgeExists(facts.barcode);
  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await createFolderStore(fresh, 0, facts.content);
  replaceJson(join(fresh, memoryName), {});
  replaceJson(join(fresh, factsName), facts);
  await rename(fresh, target);
}

export function readFacts(parent: string, barcode: string): CartridgeFacts {
  const path = join(cartridgeFolder(parent, barcode), factsName);
  return readJson(path, path, isCartridgeFacts, renewFacts);
}

export function writeFacts(parent: string, facts: CartridgeFacts): void {
  replaceJson(join(cartridgeFolder(parent, facts.barcode), factsName), facts);
}

/** What is broken of it after `edit`, which is durable then. */
export function changeDamageIn(parent: string, barcode: string, edit: (damage: CartridgeDamage) => CartridgeDamage): CartridgeDamage {
  const path = join(cartridgeFolder(parent, barcode), damageName);
  const before = readDamage(path);
  const after = edit(before);
  if (after !== before) writeDamage(path, after);
  return after;
}

export async function openCartridgeFolder(parent: string, barcode: string, access: "read" | "write"): Promise<Cartridge> {
  const folder = cartridgeFolder(parent, barcode);
  const facts = readFacts(parent, barcode);
  const memoryPath = join(folder, memoryName);
  let memory = decodeMemory(readJson(memoryPath, memoryPath, isMemoryText));
  const layoutPath = join(folder, layoutName);
  const store = await openFolderTape(folder, access, readLayout(layoutPath, facts), (layout) => { replaceJson(layoutPath, layout); }, facts.content);
  const { damage, close } = damageReader(join(folder, damageName));
  return {
    facts,
    store,
    memory: () => memory,
    writeMemory: async (attributes) => {
      replaceJson(memoryPath, encodeMemory(attributes));
      memory = attributes;
    },
    damage,
    close: () => {
      close();
      return store.close();
    },
  };
}

function readLayout(path: string, { capacityBytes }: CartridgeFacts): TapeLayout {
  if (!existsSync(path)) return wholeTape(capacityBytes);
  return readJson(path, path, (value) => isLayoutOf(value, capacityBytes));
}

export function hasFolder(parent: string, barcode: string): boolean {
  return isBarcode(barcode) && existsSync(join(parent, barcode));
}

export function cartridgeFolder(parent: string, barcode: string): string {
  const folder = join(parent, barcode);
  if (!isBarcode(barcode) || !existsSync(folder)) throw noSuchCartridge(barcode);
  return folder;
}

function decodeMemory(stored: Record<string, readonly [number, string]>): ReadonlyMap<number, MemoryAttribute> {
  const entries = Object.entries(stored).map(
    ([id, [format, hex]]) => [Number.parseInt(id, 16), { format, value: Buffer.from(hex, "hex") }] as const,
  );
  return new Map(entries);
}

function encodeMemory(attributes: ReadonlyMap<number, MemoryAttribute>): Record<string, readonly [number, string]> {
  const entries = [...attributes].map(
    ([id, { format, value }]) => [id.toString(16).padStart(4, "0"), [format, Buffer.from(value).toString("hex")]] as const,
  );
  return Object.fromEntries(entries);
}
