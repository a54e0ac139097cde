import { closeSync, existsSync, fstatSync, openSync, rmSync, statSync } from "node:fs";
import { type CartridgeDamage, isCartridgeDamage, isUndamaged, undamaged } from "./cartridge-damage.ts";
import { readJson, replaceJson } from "./json-file.ts";

/** A cartridge without this file is well. */
export function readDamage(path: string): CartridgeDamage {
  return existsSync(path) ? readJson(path, path, isCartridgeDamage) : undamaged;
}

export function writeDamage(path: string, damage: CartridgeDamage): void {
  if (isUndamaged(damage)) rmSync(path, { force: true });
  else replaceJson(path, damage);
}

/**
 * What a drive asks before each command: reads again only what was replaced. The file that was read stays open, so that its inode number cannot come back
 * for another one.
 */
export function damageReader(path: string): { readonly damage: () => CartridgeDamage; readonly close: () => void } {
  let known: { readonly fd: number; readonly inode: bigint; readonly damage: CartridgeDamage } | undefined;
  const close = (): void => {
    if (known !== undefined) closeSync(known.fd);
    known = undefined;
  };
  const damage = (): CartridgeDamage => {
    const inode = statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
    if (inode !== undefined && inode === known?.inode) return known.damage;
    close();
    if (inode === undefined) return undamaged;
    const fd = openSync(path, "r");
    try {
      known = { fd, inode: fstatSync(fd, { bigint: true }).ino, damage: readJson(path, fd, isCartridgeDamage) };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return known.damage;
  };
  return { damage, close };
}
