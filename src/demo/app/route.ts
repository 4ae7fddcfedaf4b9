/** What a route is told of a request. */
export interface RouteRequest {
  readonly query: URLSearchParams;
  /** The number in the path, for routes with `:id`; else 0. */
  readonly id: number;
  /** The UUID in the path, for routes with `:uuid`; else empty. */
  readonly uuid: string;
  /** Parsed JSON; null without a body. */
  readonly body: unknown;
}

export interface Route {
  /** For the metrics: the path with `:id` for the number, `:uuid` for the UUID. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly status: number;
  /** Answers in JSON, with a page, or with an Answer that has its own status. */
  answer(request: RouteRequest): Promise<unknown>;
}

/** An answer for a browser. */
export class Page {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** An answer with a status of its own rather than the route's. */
export class Answer {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

export function get(name: string, answer: Route['answer']): Route {
  return { name, method: 'GET', status: 200, answer };
}

export function post(name: string, status: number, answer: Route['answer']): Route {
  return { name, method: 'POST', status, answer };
}
