import { Socket, type SocketConstructorOpts } from "node:net";

/** Filled again and again: what comes is taken out of it at once. */
const receiveBytes = 256 * 1024;

/**
 * The accepted connection as a socket that reads into one buffer for good. Node has that for sockets that connect, not for those that are accepted, which
 * get a new buffer for each 64 KiB: to collect those takes longer than everything else that is done with a block. So the connection is handed over to a socket of
 * the other kind. Where that should not be possible, the accepted one is used as it is. The server must accept paused.
 */
export function readingInPlace(accepted: Socket, take: (chunk: Uint8Array) => void): Socket {
  const holder = accepted as unknown as { _handle: object | null };
  const handle = holder._handle;
  if (handle === null || typeof handle !== "object") {
    accepted.on("data", (chunk: Buffer) => { take(chunk); });
    accepted.resume();
    return accepted;
  }
  holder._handle = null;
  const options: SocketConstructorOpts = {
    handle: handle as NonNullable<SocketConstructorOpts["handle"]>,
    onread: {
      buffer: Buffer.allocUnsafeSlow(receiveBytes),
      callback: (count, buffer) => {
        take(buffer.subarray(0, count));
        return true;
      },
    },
  };
  const socket = new Socket(options);
  // Without its handle there is nothing left to close: the server forgets it.
  accepted.destroy();
  socket.resume();
  return socket;
}
