/** Starts the page. */
import { catalogue } from 'virtual:catalogue';
import { App } from './app/app.ts';
import { ConformanceView } from './conformance/conformance-view.ts';
import { LatticeView } from './lattice/lattice-view.ts';
import { PlaygroundView } from './playground/playground-view.ts';
import { SpeedView } from './speed/speed-view.ts';
import './styles/page.css';
import './styles/forms.css';
import './styles/views.css';

const app = new App(catalogue, (context) => [
  new LatticeView(context),
  new SpeedView(context),
  new ConformanceView(context),
  new PlaygroundView(context),
]);
app.start(document.body);
