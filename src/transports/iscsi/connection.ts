import { connect, type Socket } from "node:net";
import { iscsi } from "../../scsi/index.ts";
import { asStrongroomError, StrongroomError } from "../../words/index.ts";
import { ended, unreachable } from "./failures.ts";

export interface ConnectionEvents extends iscsi.PduSink {
  connected(): void;
  /** Once, when nothing more can come or go. */
  ended(why: StrongroomError): void;
}

/** Filled again and again: what comes is taken out of it at once. */
const receiveBytes = 256 * 1024;

/** PDUs over one TCP connection. Ends itself when they are garbled or when the sink throws. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader: iscsi.PduReader;
  readonly #events: ConnectionEvents;
  readonly #portal: string;
  #digests: iscsi.Digests = iscsi.noDigests;
  #isEnded = false;
  #isConnected = false;

  constructor(portal: iscsi.Portal, events: ConnectionEvents) {
    this.#portal = iscsi.formatPortal(portal);
    this.#events = events;
    this.#reader = new iscsi.PduReader(events);
    this.#socket = connect({
      host: portal.host,
      port: portal.port,
      noDelay: true,
      keepAlive: true,
      onread: {
        buffer: Buffer.allocUnsafeSlow(receiveBytes),
        callback: (count, buffer) => this.#take(buffer.subarray(0, count)),
      },
    });
    this.#socket.on("connect", () => {
      this.#isConnected = true;
      events.connected();
    });
    this.#socket.on("end", () => { this.end(ended("the other side closed it")); });
    this.#socket.on("error", (cause: NodeJS.ErrnoException) => { this.end(this.#broken(cause)); });
    this.#socket.on("close", () => { this.end(ended("it was closed")); });
  }

  setDigests(digests: iscsi.Digests): void {
    this.#digests = digests;
    this.#reader.setDigests(digests);
  }

  /** Sends what a login makes: framed already. */
  sendPieces(pieces: readonly Uint8Array[]): void {
    if (this.#isEnded) return;
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
  }

  /** Sends PDUs in as few packets as they fit in. Their data are not copied, and are read until the PDU has been answered. */
  send(pdus: Iterable<{ readonly header: Uint8Array; readonly data: Uint8Array }>): void {
    if (this.#isEnded) return;
    this.#socket.cork();
    for (const { header, data } of pdus) {
      for (const piece of iscsi.frame(header, data, this.#digests)) this.#socket.write(piece);
    }
    this.#socket.uncork();
  }

  /** What was given to send and is still here. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Calls back when nothing of what was given to send so far is needed any more. */
  afterSent(done: () => void): void {
    if (this.#socket.writableLength === 0) done();
    else this.#socket.write(new Uint8Array(0), () => { done(); });
  }

  /** Cuts the connection at once; tells the sink, unless that was done. */
  end(why: StrongroomError): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.destroy();
    this.#events.ended(why);
  }

  #take(chunk: Uint8Array): boolean {
    if (this.#isEnded) return false;
    try {
      this.#reader.push(chunk);
    } catch (thrown) {
      this.end(asStrongroomError(thrown));
    }
    return !this.#isEnded;
  }

  #broken(cause: NodeJS.ErrnoException): StrongroomError {
    const code = cause.code ?? "an error of the network";
    if (!this.#isConnected) return unreachable(this.#portal, `cannot be reached: ${code}`, cause);
    return new StrongroomError("temporary", "ISCSI_ENDED", `it broke: ${code}`, { cause });
  }
}
