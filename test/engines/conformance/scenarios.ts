import type { Files } from './subjects.ts';

/** More than there are users, so that none has to come twice. */
export const ROWS = 1_000;

/** Every kind of request, one after the other, as one user. */
export const REQUESTS: Files = {
  others: { 'rows.csv': 'id,code,price,word\n7,007,1.50,"x, ""y"""\n' },
  script: `
config:
  target: http://127.0.0.1:9
  variables: {colour: [red], size: 10}
  payload: {path: rows.csv, fields: [id, code, price, word], order: sequence, skipHeader: true}
  http: {defaults: {headers: {X-Default: 'kept', X-Both: 'of the defaults'}}}
scenarios:
  - name: everything
    flow:
      - get:
          url: /begin
          capture:
            - {json: $.user, as: user}
            - {json: $.number, as: number}
            - {json: '$.list[0].id', as: id}
            - {json: "$.deep['odd key']", as: odd}
            - {json: $.list, as: list}
            - {json: $.zero, as: zero}
            - {json: $.no, as: no}
            - {header: X-Trace, as: trace}
            - {regexp: 'he[a-z]+', as: word}
      - get: {name: query, url: '/query?old=1', qs: {user: '{{ user }}', q: "a b&c=d'é/ü~!*()", n: 5}, headers: {x-user: '{{ user }}', X-Both: 'of the step', X-Trace: '{{ trace }}'}}
      - get: {name: template in the path, url: '/items/{{ id }}?word={{ word }}&odd={{ odd }}&list={{ list[0].id }}', headers: {x-user: '{{ user }}'}}
      - post:
          url: /json
          headers: {x-user: '{{ user }}'}
          json: {number: '{{ number }}', text: 'no {{ number }}', list: '{{ list }}', nested: {colour: '{{ colour }}', size: '{{ size }}'}, flag: true, zero: '{{ zero }}', no: '{{ no }}', plain: 1.5, array: ['{{ id }}', 2]}
      - post: {url: /row, headers: {x-user: '{{ user }}'}, json: {id: '{{ id }}', code: '{{ code }}', price: '{{ price }}'}}
      - get: {url: '/row/{{ code }}/{{ price }}', headers: {x-user: '{{ user }}'}}
      - post: {url: /form, headers: {x-user: '{{ user }}'}, form: {a: '{{ id }}', b: 'x y&z', c: 'é'}}
      - put: {url: /text, headers: {x-user: '{{ user }}', Content-Type: text/csv}, body: 'plain {{ id }} é'}
      - patch: {url: /patch, headers: {x-user: '{{ user }}'}, json: {}}
      - delete: {url: /delete, headers: {x-user: '{{ user }}'}}
      - post: {url: /empty, headers: {x-user: '{{ user }}'}}
      - get: {url: /private/page, headers: {x-user: '{{ user }}'}, cookie: {mine: '{{ id }}'}}
      - get: {url: /take, headers: {x-user: '{{ user }}'}}
      - get: {url: /public, headers: {x-user: '{{ user }}'}}
      - loop:
          - get: {url: /again, headers: {x-user: '{{ user }}'}}
          - loop:
              - get: {url: /inner, headers: {x-user: '{{ user }}'}}
            count: 2
        count: 2
      - get: {url: /packed, headers: {x-user: '{{ user }}'}, capture: {json: $.packed, as: packed}}
      - get: {url: '/after/{{ packed }}', headers: {x-user: '{{ user }}'}}
      - get: {url: /nothing, headers: {x-user: '{{ user }}'}}
      - get: {url: /redirect/301/landed, headers: {x-user: '{{ user }}'}}
      - post: {url: /redirect/302/landed, headers: {x-user: '{{ user }}'}, json: {a: 1}}
      - post: {url: /redirect/303/landed, headers: {x-user: '{{ user }}'}, json: {a: 1}}
      - post: {url: /redirect/307/landed, headers: {x-user: '{{ user }}'}, json: {a: 1}}
      - get: {url: /redirect/308/landed, headers: {x-user: '{{ user }}'}}
      - get: {url: /redirect/302/redirect/302/landed, headers: {x-user: '{{ user }}'}, capture: {json: $.ok, as: ok}}
      - get: {url: '/made/{{ $randomNumber(3, 3) }}/{{ $uuid }}/x{{ $randomString(4) }}', headers: {x-user: '{{ user }}', x-target: '{{ target }}'}}
      - get: {url: '/end/{{ ok }}', headers: {x-user: '{{ user }}'}}
`,
};

/** A row for each user, a token for all of them, journeys by weight. */
export const CROWD: Files = {
  others: {
    'rows.csv': `row\n${Array.from({ length: ROWS }, (_, row) => `r${row}`).join('\n')}\n`,
    'few.csv': 'few\nf0\nf1\nf2\n',
    'some.csv': 'some\ns0\ns1\ns2\n',
  },
  script: `
config:
  target: http://127.0.0.1:9
  variables: {colour: [red, green, blue]}
  payload:
    - {path: rows.csv, fields: [row], order: sequence, skipHeader: true}
    - {path: few.csv, fields: [few], order: sequence, skipHeader: true}
    - {path: some.csv, fields: [some], order: random, skipHeader: true}
before:
  flow:
    - post: {url: /log-in, json: {name: load}, capture: {json: $.token, as: token}}
scenarios:
${[['often', 6], ['sometimes', 3], ['rarely', 1], ['never', 0]].map(([name, weight]) => `  - name: ${name}
    weight: ${weight}
    flow:
      - get: {url: /begin, capture: {json: $.user, as: user}, headers: {authorization: 'Bearer {{ token }}'}}
      - get: {url: '/use/${name}/{{ row }}/{{ few }}/{{ some }}/{{ colour }}', headers: {x-user: '{{ user }}', authorization: 'Bearer {{ token }}'}}
${name === 'sometimes' ? '      - think: 300ms\n' : ''}      - get: {url: /end, headers: {x-user: '{{ user }}', authorization: 'Bearer {{ token }}'}}`).join('\n')}
`,
};

/** What an answer may be besides a success; what ends a journey stands at its end. */
export const ERRORS: Files = {
  script: `
config:
  target: http://127.0.0.1:9
scenarios:
${[
    ['goes on after an error status', "      - get: {name: not found, url: /status/404, headers: {x-user: '{{ user }}'}}\n      - get: {name: broken, url: /status/503, headers: {x-user: '{{ user }}'}}\n      - get: {name: behind, url: /behind, headers: {x-user: '{{ user }}'}}\n      - get: {name: not modified, url: /status/304, headers: {x-user: '{{ user }}'}}\n      - get: {name: behind 304, url: /behind, headers: {x-user: '{{ user }}'}}"],
    ['goes on after what was not expected', `      - get: {name: expected, url: /status/404, headers: {x-user: '{{ user }}'}, expect: {statusCode: 404}}
      - get: {name: other status, url: /text, headers: {x-user: '{{ user }}'}, expect: {statusCode: [201, 202]}}
      - get: {name: no json, url: /text, headers: {x-user: '{{ user }}'}, expect: {contentType: json}}
      - get: {name: json, url: /x, headers: {x-user: '{{ user }}'}, expect: [{statusCode: 200}, {contentType: json}, {hasProperty: ok}]}
      - get: {name: no property, url: /x, headers: {x-user: '{{ user }}'}, expect: {hasProperty: missing}}
      - get: {name: behind, url: /behind, headers: {x-user: '{{ user }}'}}`],
    ...[['nothing in JSON', 'json: $.missing'], ['no JSON', 'json: $.missing', '/text'], ['an empty text', 'json: $.empty', '/begin'], ['a null', 'json: $.none', '/begin'], ['no header', 'header: x-missing'], ['no match', "regexp: 'z{9}'"]].map(([name = '', capture = '', url = '/x']) => [
      `ends at ${name}`, `      - get: {name: ${name}, url: ${url}, headers: {x-user: '{{ user }}'}, capture: {${capture}, as: value}}\n      - get: {name: behind ${name}, url: '/behind/{{ value }}', headers: {x-user: '{{ user }}'}}`,
    ]),
    ['ends when there is no answer', "      - get: {name: hung up, url: /hang-up, headers: {x-user: '{{ user }}'}}\n      - get: {name: never, url: /never, headers: {x-user: '{{ user }}'}}"],
    ['ends in a circle', "      - get: {name: circle, url: /around, headers: {x-user: '{{ user }}'}}\n      - get: {name: never round, url: /never, headers: {x-user: '{{ user }}'}}"],
    ['stays with the target', "      - get: {name: away, url: /away, headers: {x-user: '{{ user }}'}}\n      - get: {name: behind, url: /behind, headers: {x-user: '{{ user }}'}}"],
  ].map(([name, flow]) => `  - name: ${name}\n    flow:\n      - get: {url: /begin, capture: {json: $.user, as: user}}\n${flow}`).join('\n')}
`,
};
