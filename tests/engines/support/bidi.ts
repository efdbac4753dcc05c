/** A connection by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): commands and their results. */

type Waiting = { resolve: (result: never) => void; reject: (error: Error) => void };
type Received = { id: number; result?: unknown; error?: string; message?: string };

export class Bidi {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.onmessage = ({ data }) => this.receive(JSON.parse(String(data)));
    socket.onclose = () => {
      for (const { reject } of this.waiting.values()) reject(new Error("The browser closed the connection."));
      this.waiting.clear();
    };
  }

  static async connect(url: string): Promise<Bidi> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`No connection to ${url}.`));
    });
    return new Bidi(socket);
  }

  send<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.lastId;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  private receive({ id, result, error, message }: Received): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(`${error}: ${message}`));
  }
}
