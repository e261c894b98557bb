/** Vite plugin: the module `virtual:trained-files`, the addresses of the weights of @hetconv/weights. The files travel with the page. */
import { readdirSync } from 'node:fs';
import { TRAINED } from '@hetconv/weights';
import { trainedFolder } from '@hetconv/weights/node';
import type { Plugin } from 'vite';

const ID = 'virtual:trained-files';

export function trainedFilesPlugin(): Plugin {
  return {
    name: 'hetconv-trained-files',
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load: (id) => (id === `\0${ID}` ? moduleText() : undefined),
  };
}

/** Imports with `?url` are files to Vite, served as they are and copied into the build. */
function moduleText(): string {
  const imports: string[] = [];
  const address = (id: string, file: string): string => {
    const name = `file${imports.length}`;
    imports.push(`import ${name} from '@hetconv/weights/trained/${id}/${file}?url';`);
    return name;
  };
  const entries = TRAINED.map((network) => {
    const weights = readdirSync(trainedFolder(network))
      .filter((file) => file.endsWith('.bin'))
      .map((file) => `'${file}': ${address(network.id, file)}`);
    return `'${network.id}': { model: ${address(network.id, 'model.json')}, weights: { ${weights.join(', ')} } },`;
  });
  return [...imports, 'export const trainedFiles = {', ...entries, '};'].join('\n');
}
