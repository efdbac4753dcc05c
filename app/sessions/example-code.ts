/** Code with a few real problems, for someone who has none at hand. */
export const EXAMPLE_CODE = `type Item = { name: string; price: number; quantity: number };

export function total(items: Item[], coupon?: string) {
  let sum = 0;
  for (const item of items) {
    sum = sum + item.price * item.quantity;
  }
  if (coupon == "HALF") {
    sum = sum / 2;
  }
  return sum;
  console.log("total", sum);
}

export function find(items: Item[], name: string) {
  var found = items.filter((item) => item.name == name);
  if (!!found.length) {
    return found[0];
  }
}

export async function load(url: string) {
  try {
    const response = await fetch(url);
    return (await response.json()) as Item[];
  } catch (error) {
    throw error;
  }
}
`;
