import { createCipheriv, createDecipheriv, createHash } from "node:crypto";

const zeroIv = new Uint8Array(16);
// node:crypto slows down with the size of what it returns; measured best between 64 and 256 KiB.
const stepBytes = 128 * 1024;

/** See index.d.ts. The reference that the native lanes are compared with. */
export function createPortableLanes(key) {
  return new PortableLanes(key);
}

/** See index.d.ts. The reference that the native cipher is compared with. */
export function createPortableOcb(key) {
  return new PortableOcb(key);
}

class PortableOcb {
  #key;
  #cipher;
  #heldBytes = 0;
  #disposed = false;

  constructor(key) {
    if (!(key instanceof Uint8Array) || key.length !== 32) throw new TypeError("key is not 32 bytes");
    this.#key = Uint8Array.from(key);
  }

  start(nonce, associated) {
    this.#refuseDisposed();
    if (!(nonce instanceof Uint8Array) || nonce.length !== 15) throw new TypeError("nonce is not 15 bytes");
    this.#cipher = createCipheriv("aes-256-ocb", this.#key, nonce, { authTagLength: 16 });
    this.#cipher.setAAD(associated);
    this.#heldBytes = 0;
  }

  update(input, output) {
    this.#refuseDisposed();
    if (!(input instanceof Uint8Array) || !(output instanceof Uint8Array)) throw new TypeError("not a Uint8Array");
    const comingBytes = this.#heldBytes + input.length;
    if (comingBytes - (comingBytes % 16) > output.length) throw new TypeError("output is too short");
    if (overlap(output, input)) throw new TypeError("output overlaps what is read");
    let done = 0;
    for (let at = 0; at < input.length; at += stepBytes) {
      const part = this.#cipher.update(input.subarray(at, at + stepBytes));
      output.set(part, done);
      done += part.length;
    }
    this.#heldBytes = comingBytes % 16;
    return done;
  }

  finish(output) {
    this.#refuseDisposed();
    if (!(output instanceof Uint8Array) || output.length < 31) throw new TypeError("output is shorter than 31 bytes");
    const rest = this.#cipher.final();
    output.set(rest);
    output.set(this.#cipher.getAuthTag(), rest.length);
    return rest.length + 16;
  }

  dispose() {
    this.#key.fill(0);
    this.#cipher = undefined;
    this.#disposed = true;
  }

  #refuseDisposed() {
    if (this.#disposed) throw new TypeError("the cipher was disposed of");
  }
}

class PortableLanes {
  #key;
  #cipher;
  #mdc = createHash("sha1");
  #message = createHash("sha256");
  #content = createHash("sha256");
  #disposed = false;

  constructor(key) {
    if (!(key instanceof Uint8Array) || key.length !== 32) throw new TypeError("key is not 32 bytes");
    this.#key = Uint8Array.from(key);
  }

  encrypt(input, output, also) {
    this.#run(createCipheriv, input, output, also);
  }

  decrypt(input, output, also) {
    this.#run(createDecipheriv, input, output, also);
  }

  mdc() {
    this.#refuseDisposed();
    return new Uint8Array(this.#mdc.copy().digest());
  }

  messageDigest() {
    this.#refuseDisposed();
    return new Uint8Array(this.#message.copy().digest());
  }

  dispose() {
    this.#key.fill(0);
    this.#cipher = undefined;
    this.#disposed = true;
  }

  #run(create, input, output, { mdc, message, contents, digests }) {
    this.#refuseDisposed();
    check(input, output, mdc, message, contents, digests);
    this.#cipher ??= create("aes-256-cfb", this.#key, zeroIv);
    for (let at = 0; at < input.length; at += stepBytes) output.set(this.#cipher.update(input.subarray(at, at + stepBytes)), at);
    if (mdc.length > 0) this.#mdc.update(mdc);
    if (message.length > 0) this.#message.update(message);
    let digestAt = 0;
    for (const stretch of contents) {
      if (stretch !== null) {
        this.#content.update(stretch);
        continue;
      }
      digests.set(this.#content.digest(), digestAt);
      this.#content = createHash("sha256");
      digestAt += 32;
    }
  }

  #refuseDisposed() {
    if (this.#disposed) throw new TypeError("the lanes were disposed of");
  }
}

function check(input, output, mdc, message, contents, digests) {
  for (const bytes of [input, output, mdc, message, digests]) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("not a Uint8Array");
  }
  if (output.length !== input.length) throw new TypeError("output is not as long as input");
  if (!Array.isArray(contents) || contents.length > 4096) throw new TypeError("contents is not an array of at most 4096");
  const stretches = contents.filter((stretch) => stretch !== null);
  if (!stretches.every((stretch) => stretch instanceof Uint8Array)) throw new TypeError("contents holds something else");
  if ((contents.length - stretches.length) * 32 > digests.length) throw new TypeError("digests is too short");
  if ([input, mdc, message, digests, ...stretches].some((bytes) => overlap(output, bytes))) {
    throw new TypeError("output overlaps what is read");
  }
}

function overlap(a, b) {
  if (a.buffer !== b.buffer || a.length === 0 || b.length === 0) return false;
  return a.byteOffset < b.byteOffset + b.length && b.byteOffset < a.byteOffset + a.length;
}
