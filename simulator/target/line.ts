import type { Socket } from "node:net";
import { iscsi } from "../../src/scsi/index.ts";
import { asStrongroomError, type Clock, type StrongroomError } from "../../src/words/index.ts";
import { readingInPlace } from "./accepted.ts";
import { gone } from "./failures.ts";
import { canSpoil, type Spoil, spoiled } from "./spoiling.ts";

/** Who takes the PDUs of a connection, and hears of its end. */
export interface LineOwner extends iscsi.PduSink {
  /** Once; nothing more comes, and nothing more can be sent. */
  ended(why: StrongroomError): void;
}

/** Where more than this waits to be sent, nothing more is read until it has gone out: whoever asks must also listen. */
const unsentLimitBytes = 4 * 1024 * 1024;
/** What an initiator that hangs up may leave unread. */
const farewellMs = 1000;

/** PDUs over one accepted TCP connection. Ends itself when they are garbled or when the owner throws. */
export class Line {
  readonly #socket: Socket;
  readonly #reader: iscsi.PduReader;
  readonly #owner: LineOwner;
  readonly #clock: Clock;
  #digests = iscsi.noDigests;
  #isEnded = false;
  #isCorked = false;
  #spoil: Spoil | undefined;

  /** `accepted` by a server that pauses what it accepts. */
  constructor(accepted: Socket, clock: Clock, owner: LineOwner) {
    this.#clock = clock;
    const socket = readingInPlace(accepted, (chunk) => { this.#take(chunk); });
    this.#socket = socket;
    this.#owner = owner;
    this.#reader = new iscsi.PduReader(owner);
    socket.setNoDelay(true);
    socket.on("drain", () => { socket.resume(); });
    socket.on("end", () => { this.end(gone("the initiator hung up")); });
    socket.on("error", (cause: NodeJS.ErrnoException) => { this.end(gone(`the connection broke: ${cause.code ?? "an error of the network"}`)); });
    socket.on("close", () => { this.end(gone("the connection was closed")); });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Where the other side is, and where it reached us. */
  get addresses(): { readonly remote: string; readonly local: iscsi.Portal } {
    const { remoteAddress, remotePort, localAddress, localPort } = this.#socket;
    return {
      remote: iscsi.formatPortal({ host: plain(remoteAddress), port: remotePort ?? 0 }),
      local: { host: plain(localAddress), port: localPort ?? 0 },
    };
  }

  /** From the next PDU on, in both directions. */
  setDigests(digests: iscsi.Digests): void {
    this.#digests = digests;
    this.#reader.setDigests(digests);
  }

  /** The data are not copied; `sent` is called when they are not needed any more, however the connection fares. */
  send(header: Uint8Array, data?: Uint8Array, sent?: () => void): void {
    if (this.#isEnded) {
      sent?.();
      return;
    }
    this.#cork();
    const pieces = iscsi.frame(header, data, this.#digests);
    if (this.#spoil !== undefined && canSpoil(this.#spoil, data?.length ?? 0)) {
      this.#sendSpoiled(this.#spoil, pieces, sent);
      return;
    }
    const last = pieces.pop()!;
    for (const piece of pieces) this.#socket.write(piece);
    if (sent === undefined) this.#socket.write(last);
    else this.#socket.write(last, () => { sent(); });
    if (this.#socket.writableLength > unsentLimitBytes) this.#socket.pause();
  }

  /** Lets a fault befall the next PDU that it can befall. */
  spoilNext(spoil: Spoil): void {
    this.#spoil = spoil;
  }

  /** Hangs up. What was given to send still goes out, where somebody takes it; the owner is told now. */
  end(why: StrongroomError): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const socket = this.#socket;
    socket.resume();
    socket.destroySoon();
    if (!socket.destroyed) void this.#insist();
    this.#owner.ended(why);
  }

  /** Cuts the connection as a pulled cable does: nothing more goes out. */
  cut(): void {
    this.#socket.resetAndDestroy();
    this.end(gone("the connection was cut"));
  }

  #sendSpoiled(spoil: Spoil, whole: readonly Uint8Array[], sent: (() => void) | undefined): void {
    this.#spoil = undefined;
    const { pieces, endsConnection } = spoiled(spoil, whole, this.#digests);
    for (const piece of pieces) this.#socket.write(piece);
    // What was copied into the pieces is not needed any more, what was not is until the socket has it.
    this.#socket.write(new Uint8Array(0), () => { sent?.(); });
    if (endsConnection) this.end(gone("a fault cut the connection"));
  }

  async #insist(): Promise<void> {
    const closed = new AbortController();
    this.#socket.once("close", () => { closed.abort(); });
    await this.#clock.sleep(farewellMs, closed.signal).catch(() => undefined);
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    if (this.#isEnded) return;
    try {
      this.#reader.push(chunk);
    } catch (thrown) {
      this.end(asStrongroomError(thrown));
    }
  }

  /** All that one turn of the event loop sends goes out by one system call. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }
}

function plain(address: string | undefined): string {
  // A connection that was reset already has none.
  if (address === undefined) return "0.0.0.0";
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
