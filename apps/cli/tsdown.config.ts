import { library } from '../../tooling/tsdown.ts';

export default library(['src/main.ts', 'src/browser/page.ts'], { platform: 'node', dts: false });
