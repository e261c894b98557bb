import { library } from '../../tooling/tsdown.ts';

export default library(['src/index.ts', 'src/register.ts', 'src/restore-util.ts'], {
  deps: { neverBundle: [/^node:/] },
});
