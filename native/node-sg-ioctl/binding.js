import { realpathSync } from "node:fs";
import { ownError, systemError } from "./explain.js";

const kind = { opened: 0, exchanged: 1, reserved: 2, farewell: 3 };
const accepted = { yes: 0, full: 1, closed: 2 };
const direction = { none: 0, in: 1, out: 2 };
const largestInt = 2 ** 31 - 1;

/** The package on one native build; tests choose a build whose devices are scripted. */
export function createBinding(native, { waitsAtExit, surroundings }) {
  return {
    openDevice: async (path, options = {}) => {
      const settings = checkedOptions(path, options);
      const device = new SgDevice(native, path, settings, waitsAtExit, surroundings);
      await device.opened;
      return device.face;
    },
    allocateBuffer: (bytes) => new Uint8Array(native.allocate(checkedInteger(bytes, 1, 256 * 1024 * 1024, "bytes"))),
  };
}

/** What is pending, by number; the map also keeps the buffers alive while the kernel has them. */
class SgDevice {
  #native;
  #handle;
  #path;
  #surroundings;
  #pending = new Map();
  #nextId = 1;
  #reservedBytes = 0;
  #driverVersion = 0;
  #opening = Promise.withResolvers();
  #gone = Promise.withResolvers();
  #state = "opening";
  #isHeld = true;
  #mayHold = true;

  constructor(native, path, { version, exclusive, reservedBytes, queueLimit }, waitsAtExit, surroundings) {
    this.#native = native;
    this.#path = path;
    this.#surroundings = surroundings;
    const report = (...facts) => this.#take(facts);
    this.#handle = native.open(path, version, exclusive, reservedBytes, queueLimit, waitsAtExit, report);
    this.opened = this.#opening.promise;
    this.face = this.#makeFace(version);
  }

  #makeFace(version) {
    const reservedBytes = () => this.#reservedBytes;
    const driverVersion = () => this.#driverVersion;
    return Object.freeze({
      path: this.#path,
      version,
      get driverVersion() { return driverVersion(); },
      get reservedBytes() { return reservedBytes(); },
      execute: (command) => this.#execute(command),
      reserve: (bytes) => this.#reserve(bytes),
      close: () => this.#close(),
      unref: () => {
        this.#mayHold = false;
        this.#hold();
      },
    });
  }

  #execute(command) {
    const { cdb, way, data, timeoutMs, direct } = checkedCommand(command);
    return this.#send([data, cdb], (id) => this.#native.execute(this.#handle, id, cdb, way, data, timeoutMs, direct));
  }

  #reserve(bytes) {
    checkedInteger(bytes, 1, largestInt, "bytes");
    return this.#send([], (id) => this.#native.reserve(this.#handle, id, bytes));
  }

  #send(buffers, submit) {
    if (this.#state !== "open") return Promise.reject(ownError(this.#path, "SG_CLOSED", "the device was closed; nothing was sent"));
    const id = this.#nextId;
    // Numbers come round only after four thousand million commands, when the first ones are long gone.
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1;
    const answer = submit(id);
    if (answer === accepted.full) {
      return Promise.reject(ownError(this.#path, "SG_QUEUE_FULL", "too many commands wait for the device; this one was not sent"));
    }
    if (answer === accepted.closed) return Promise.reject(ownError(this.#path, "SG_CLOSED", "the device was closed; nothing was sent"));
    const { promise, resolve, reject } = Promise.withResolvers();
    this.#pending.set(id, { resolve, reject, buffers });
    this.#hold();
    return promise;
  }

  #close() {
    if (this.#state === "open") {
      this.#state = "closing";
      this.#native.close(this.#handle);
      for (const item of this.#pending.values()) {
        // The entries stay, and with them the buffers: one of them the kernel may still have.
        item.reject(ownError(this.#path, "SG_ABORTED", "the device was closed; a command that had begun may still take effect"));
      }
      this.#hold();
    }
    return this.#gone.promise;
  }

  /** Idle devices let the process end; pending commands and a pending close do not. */
  #hold() {
    const wanted = this.#mayHold && (this.#pending.size > 0 || this.#state === "closing");
    if (wanted === this.#isHeld || this.#state === "gone") return;
    this.#isHeld = wanted;
    this.#native.hold(this.#handle, wanted);
  }

  #take([what, id, errno, call, bytes, driverVersion, ...facts]) {
    if (what === kind.opened) this.#takeOpened(errno, call, bytes, driverVersion);
    else if (what === kind.farewell) this.#takeFarewell();
    else {
      const item = this.#pending.get(id);
      this.#pending.delete(id);
      if (errno !== 0) item?.reject(systemError(this.#path, errno, call, this.#surroundings));
      else if (what === kind.exchanged) item?.resolve(answerOf(facts));
      else item?.resolve((this.#reservedBytes = bytes));
    }
    this.#hold();
  }

  #takeOpened(errno, call, bytes, driverVersion) {
    if (errno !== 0) {
      this.#opening.reject(systemError(this.#path, errno, call, this.#surroundings));
      return;
    }
    this.#state = "open";
    this.#reservedBytes = bytes;
    this.#driverVersion = driverVersion;
    this.#opening.resolve();
  }

  #takeFarewell() {
    this.#state = "gone";
    this.#pending.clear();
    this.#gone.resolve();
  }
}

const nothing = new Uint8Array(0);

function answerOf([status, hostStatus, driverStatus, residualBytes, direct, durationMs, sense]) {
  return { status, hostStatus, driverStatus, sense: sense ?? nothing, residualBytes, direct, durationMs };
}

function checkedOptions(path, { version, exclusive = false, reservedBytes = 0, queueLimit = 64 }) {
  if (typeof path !== "string" || path === "" || path.includes("\0") || Buffer.byteLength(path) > 4094) {
    throw wrong("path must be a text of 1 to 4094 bytes without NUL");
  }
  if (version !== undefined && version !== 3 && version !== 4) throw wrong("version must be 3 or 4");
  if (typeof exclusive !== "boolean") throw wrong("exclusive must be a boolean");
  checkedInteger(reservedBytes, 0, largestInt, "reservedBytes");
  checkedInteger(queueLimit, 1, 1024, "queueLimit");
  return { version: version ?? (isBsg(path) ? 4 : 3), exclusive, reservedBytes, queueLimit };
}

function isBsg(path) {
  try {
    return realpathSync(path).startsWith("/dev/bsg/");
  } catch {
    return path.startsWith("/dev/bsg/");
  }
}

function checkedCommand({ cdb, dataIn, dataOut, timeoutMs, direct = false }) {
  if (!(cdb instanceof Uint8Array) || cdb.length < 6 || cdb.length > 32) throw wrong("cdb must be a Uint8Array of 6 to 32 bytes");
  if (dataIn !== undefined && dataOut !== undefined) throw wrong("a command has dataIn or dataOut, not both");
  const data = dataIn ?? dataOut;
  if (data !== undefined && (!(data instanceof Uint8Array) || data.length === 0 || data.length > largestInt)) {
    throw wrong("data must be a Uint8Array of 1 to 2147483647 bytes");
  }
  // Memory that may shrink while the kernel writes to it is refused.
  if (data?.buffer.resizable === true) throw wrong("data must not be in a resizable buffer");
  checkedInteger(timeoutMs, 1, largestInt, "timeoutMs");
  if (typeof direct !== "boolean") throw wrong("direct must be a boolean");
  const way = dataIn !== undefined ? direction.in : dataOut !== undefined ? direction.out : direction.none;
  return { cdb, way, data, timeoutMs, direct };
}

function checkedInteger(value, least, most, name) {
  if (!Number.isInteger(value) || value < least || value > most) throw wrong(`${name} must be an integer from ${least} to ${most}`);
  return value;
}

function wrong(message) {
  return Object.assign(new TypeError(message), { code: "ERR_INVALID_ARG" });
}
