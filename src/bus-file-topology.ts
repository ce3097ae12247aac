import { type ConfigType, type PlantNodes, textContent } from './bus/index.ts';

/** What was found at the plants, as JSON; of a server its own plant. */
export function topologyType({ plants }: PlantNodes): ConfigType {
  return {
    type: 'topology',
    async snapshot({ plant }) {
      const wanted = plants.filter(({ name }) => plant === undefined || name === plant);
      const told = wanted.map(({ name, prefix, link, nodes }) => ({
        ...{ name, prefix, link },
        nodes: nodes.map(({ attributes, ...node }) => ({
          ...node,
          attributes: attributes.map(({ attribute, value, setpoint }) => {
            const { name: own, unit, description } = attribute;
            return { name: own, unit, description, value, setpoint };
          }),
        })),
      }));
      return { content: textContent(`${JSON.stringify({ plants: told }, null, 2)}\n`) };
    },
  };
}
