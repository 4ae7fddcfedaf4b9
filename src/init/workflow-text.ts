export interface OwnWorkflow {
  readonly version: string;
  /** Variables of the environment that the configuration asks for: secrets of the repository. */
  readonly variables: readonly string[];
}

/**
 * A GitHub workflow in the rhythm of the plan documents: the unit suite on every deployment, integration weekly, load monthly,
 * stress every quarter of a year. Actions are pinned to a version.
 */
export function workflowText({ version, variables }: OwnWorkflow): string {
  return `# The unit suite on every deployment, integration weekly, load monthly, stress quarterly; any of them by hand.
name: scaleplan
on:
  push:
    branches: [main]
  schedule:
    - cron: "17 3 * * 1"           # integration, on Mondays
    - cron: "17 4 2 * *"           # load, on the second day of a month
    - cron: "17 5 3 1,4,7,10 *"    # stress, on the third day of a quarter
  workflow_dispatch:
    inputs:
      suite:
        description: What to run
        type: choice
        options: [unit, integration, load, stress]
permissions:
  contents: read
concurrency: scaleplan             # two loads at once would measure each other
jobs:
  scaleplan:
    runs-on: ubuntu-latest
    timeout-minutes: 120
${variables.length === 0 ? '' : `    env:\n${variables.map((name) => `      ${name}: \${{ secrets.${name} }}\n`).join('')}`}    steps:
      - uses: actions/checkout@v4.2.2
      - uses: actions/setup-node@v4.4.0
        with: { node-version: 24 }
      # Start your application here, or name a deployed one as target in scaleplan.config.yaml.
      # - run: npm ci && npm start &
      - name: Which suite
        id: suite
        env:
          ASKED: \${{ inputs.suite }}
          CRON: \${{ github.event.schedule }}
        run: |
          case "$CRON" in
            "17 3 * * 1") suite=integration ;;
            "17 4 2 * *") suite=load ;;
            "17 5 3 1,4,7,10 *") suite=stress ;;
            *) suite="\${ASKED:-unit}" ;;
          esac
          echo "suite=$suite" >> "$GITHUB_OUTPUT"
      - name: scaleplan
        env:
          SUITE: \${{ steps.suite.outputs.suite }}
        run: |
          if [ "$SUITE" = stress ]; then
            npx --yes scaleplan@${version} stress
          else
            npx --yes scaleplan@${version} test --suite "$SUITE" --reporter terminal html csv junit github
          fi
      - name: Keep the report
        if: always()
        uses: actions/upload-artifact@v4.6.2
        with:
          name: scaleplan-\${{ steps.suite.outputs.suite }}
          path: reports/
          if-no-files-found: ignore
`;
}
