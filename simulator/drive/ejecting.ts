import type { Drive } from "./model.ts";

/** Lets a gripper have what is in the drive, or pulls it in again. */
export async function setEjected({ home, number }: Drive, ejected: boolean): Promise<void> {
  await home.change((state) => {
    const drives = state.drives.map((one, at) => (at === number && one.cartridge !== null ? { ...one, cartridge: { ...one.cartridge, ejected } } : one));
    return { state: { ...state, drives }, result: undefined };
  });
}
