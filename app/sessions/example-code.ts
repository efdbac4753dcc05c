/** Example code with real problems, some with safe fixes. */
export const EXAMPLE_CODE = `type Item = { name: string; price: number; quantity: number };

export function total(items: Item[], coupon?: string) {
  let discount = 0.5;
  let sum = 0;
  for (const item of items) {
    sum = sum + item.price * item.quantity;
  }
  if (coupon === "HALF") {
    sum = sum * discount;
  }
  return sum;
  console.log("total", sum);
}

export function find(items: Item[], name: string) {
  let found = items.filter((item) => item.name == name);
  if (!!found.length) {
    return found[0];
  }
}

export async function load(url: string) {
  if (!/^https?:\\/\\/shop  /.test(url)) {
    throw new Error("That is not the shop\\'s address.");
  }
  try {
    const response = await fetch(url);
    return (await response.json()) as Item[];
  } catch (error) {
    throw error;
  }
}
`;
