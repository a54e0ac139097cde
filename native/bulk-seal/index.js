import { createRequire } from "node:module";
import { createPortableLanes, createPortableOcb } from "./portable.js";

const native = load();

export const available = native !== undefined;

export function createLanes(key) {
  if (native === undefined) throw new Error("bulk-seal: the native lanes are not available on this machine");
  return new NativeLanes(key);
}

export function createOcb(key) {
  if (native === undefined) throw new Error("bulk-seal: the native cipher is not available on this machine");
  return new NativeOcb(key);
}

export { createPortableLanes, createPortableOcb };

/** A missing build is the same as a processor without the instructions: the portable lanes do the work. */
function load() {
  try {
    const addon = createRequire(import.meta.url)("./build/bulk-seal.node");
    return addon.available ? addon : undefined;
  } catch {
    return undefined;
  }
}

class NativeLanes {
  #handle;

  constructor(key) {
    this.#handle = native.create(key);
  }

  encrypt(input, output, { mdc, message, contents, digests }) {
    native.run(this.#handle, 0, input, output, mdc, message, contents, digests);
  }

  decrypt(input, output, { mdc, message, contents, digests }) {
    native.run(this.#handle, 1, input, output, mdc, message, contents, digests);
  }

  mdc() {
    const digest = new Uint8Array(20);
    native.mdc(this.#handle, digest);
    return digest;
  }

  messageDigest() {
    const digest = new Uint8Array(32);
    native.message(this.#handle, digest);
    return digest;
  }

  dispose() {
    native.dispose(this.#handle);
  }
}

class NativeOcb {
  #handle;

  constructor(key) {
    this.#handle = native.ocbCreate(key);
  }

  start(nonce, associated) {
    native.ocbStart(this.#handle, nonce, associated);
  }

  update(input, output) {
    return native.ocbUpdate(this.#handle, input, output);
  }

  finish(output) {
    return native.ocbFinish(this.#handle, output);
  }

  dispose() {
    native.ocbDispose(this.#handle);
  }
}
