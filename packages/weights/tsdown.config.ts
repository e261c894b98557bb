import { library } from '../../tooling/tsdown.ts';

export default library(['src/index.ts', 'src/node.ts'], { deps: { neverBundle: [/^node:/] } });
